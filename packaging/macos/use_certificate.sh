#!/usr/bin/env bash
# Puts the certificate SIGNING_CERTIFICATE (.p12 in base64, password SIGNING_PASSWORD) where codesign finds it:
# in a keychain of this build's own.
set -euo pipefail
keychain=$RUNNER_TEMP/signing.keychain-db
secret=$(openssl rand -hex 16)
file=$(mktemp)
trap 'rm -f "$file"' EXIT
base64 --decode <<<"$SIGNING_CERTIFICATE" >"$file"
security create-keychain -p "$secret" "$keychain"
security set-keychain-settings -lut 21600 "$keychain"
security unlock-keychain -p "$secret" "$keychain"
security import "$file" -P "$SIGNING_PASSWORD" -f pkcs12 -T /usr/bin/codesign -k "$keychain"
security set-key-partition-list -S apple-tool:,apple: -s -k "$secret" "$keychain" >/dev/null
security list-keychains -d user -s "$keychain" login.keychain-db
