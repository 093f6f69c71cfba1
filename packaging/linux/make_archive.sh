#!/usr/bin/env bash
# dist/ResShift, with its entries for menus, into dist/ResShift-VERSION-linux-MACHINE.tar.zst
set -euo pipefail
cd "$(dirname "$0")/../.."
app=dist/ResShift
version=$("$app/resshift" --version)
archive=dist/ResShift-${version#resshift }-linux-$(uname -m).tar.zst
tar --create --sort=name --owner=0 --group=0 --numeric-owner --directory=dist ResShift |
    zstd -19 --long=27 --threads=0 --force --quiet -o "$archive"
echo "$archive: $(stat --format=%s "$archive") bytes"
