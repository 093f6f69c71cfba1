#!/bin/sh
# enter.sh ROOT FOLDER COMMAND...: run COMMAND in the system that lies in ROOT, which nothing can change.
# To be called in mount and pid namespaces of its own: what is mounted here goes with them.
#
# The new root is a tmpfs with ROOT's system in it, read-only; FOLDER is at the same path in both, writable;
# the machine's own files are at /outside, so that its Python runs by `chroot /outside`.
set -eu
root=$1 folder=$2
shift 2
new=$folder/root
mkdir -p "$new"
mount -t tmpfs -o mode=755 tmpfs "$new"
mkdir -p "$new/usr" "$new/etc" "$new/var/lib" "$new/var/cache" "$new/proc" "$new/sys" "$new/dev" "$new/outside"
mkdir -m 1777 "$new/tmp" "$new/var/tmp"
mkdir -p "$new/run" "$new/home" "$new/root" "$new/$folder"
for part in bin sbin lib lib64; do
    [ ! -L "$root/$part" ] || cp -P "$root/$part" "$new/$part"
done
for part in usr etc var/lib var/cache; do
    mount -o bind,ro "$root/$part" "$new/$part"
done
for part in proc sys dev; do
    mount --rbind "/$part" "$new/$part"
done
mount --rbind / "$new/outside"
mount --bind "$folder" "$new/$folder"
if [ -d /tmp/.X11-unix ]; then
    mkdir -p "$new/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$new/tmp/.X11-unix"
fi
# Not exec: this shell is the first process of its namespace and has to wait for what loses its parent.
status=0
chroot "$new" "$@" || status=$?
exit "$status"
