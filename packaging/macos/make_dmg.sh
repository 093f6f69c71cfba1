#!/usr/bin/env bash
# dist/ResShift.app into a disk image: packaging/macos/make_dmg.sh VERSION
# Signed and notarised where SIGNING_IDENTITY, and APPLE_ID, APPLE_TEAM and APPLE_PASSWORD are set.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${1:?"Usage: $0 VERSION"}
app=dist/ResShift.app
image=dist/ResShift-$version-macos-$(uname -m).dmg

if [ -n "${SIGNING_IDENTITY:-}" ]; then
    # From the inside out, as codesign wants it.
    sign=(codesign --force --timestamp --options runtime --sign "$SIGNING_IDENTITY")
    find "$app/Contents/Frameworks" "$app/Contents/Resources" -type f \( -name '*.so' -o -name '*.dylib' \) \
        -exec "${sign[@]}" {} +
    for program in resshift torch/bin/torch_shm_manager; do
        for folder in MacOS Frameworks; do
            [ -f "$app/Contents/$folder/$program" ] || continue
            "${sign[@]}" --entitlements packaging/macos/entitlements.plist "$app/Contents/$folder/$program"
        done
    done
    "${sign[@]}" --entitlements packaging/macos/entitlements.plist "$app"
    codesign --verify --deep --strict "$app"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname "ResShift $version" -srcfolder "$folder" -format ULMO -ov "$image"

if [ -n "${SIGNING_IDENTITY:-}" ]; then codesign --timestamp --sign "$SIGNING_IDENTITY" "$image"; fi
if [ -n "${APPLE_ID:-}" ]; then
    xcrun notarytool submit "$image" --wait \
        --apple-id "$APPLE_ID" --team-id "$APPLE_TEAM" --password "$APPLE_PASSWORD"
    xcrun stapler staple "$image"
fi
echo "$image"
