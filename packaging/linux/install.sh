#!/bin/sh
# Enters ResShift into this person's menus, or takes it out again: ./install.sh [--remove]
# The program stays in this folder; nothing is written outside the home folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
share=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin

remove() {
    rm -f "$share/applications/resshift-desktop.desktop" "$share/applications/resshift-desktop-link.desktop" \
        "$share/metainfo/io.github.resshift_desktop.resshift.metainfo.xml" \
        "$share"/icons/hicolor/*/apps/resshift-desktop.png "$share/icons/hicolor/scalable/apps/resshift-desktop.svg"
    for program in resshift resshift-desktop; do
        if [ -L "$bin/$program" ]; then rm "$bin/$program"; fi
    done
}

# A path as the Exec key wants it: in quotes, with what is special there and to sed escaped.
quoted() {
    printf '%s' "$1" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g' -e 's/.*/"&"/' -e 's/[\\&|]/\\&/g'
}

install() {
    mkdir -p "$share/applications" "$bin"
    command=$(quoted "$here/resshift-desktop")
    for entry in "$here"/share/applications/*.desktop; do
        sed -e "s|^Exec=resshift-desktop|Exec=$command|" -e '/^TryExec=/d' "$entry" \
            >"$share/applications/$(basename "$entry")"
    done
    cp -R "$here/share/icons" "$here/share/metainfo" "$share/"
    for program in resshift resshift-desktop; do
        if [ -L "$bin/$program" ] || [ ! -e "$bin/$program" ]; then ln -sfn "$here/$program" "$bin/$program"; fi
    done
}

case ${1:-} in
    --remove) remove ;;
    "") install ;;
    *) echo "Usage: $0 [--remove]" >&2; exit 2 ;;
esac
# What the menus are made from anew; where these are missing, that happens at the next login.
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf "$share/icons/hicolor" || true; fi
