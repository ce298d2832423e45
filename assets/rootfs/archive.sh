#!/bin/sh
# Mounts an archive of the image, or drops an archive to give its memory back: archive mount|drop NAME.
do=$1 name=$2
folder=/usr/lib/clump/$name

# The busybox of the image has no mountpoint(1).
is_mounted() {
	grep -q " $folder squashfs " /proc/mounts
}
case $do in mount) ! is_mounted || exit 0 ;; esac

# The first stage attached the archive to a loop device, and the archive's file has been deleted since.
for backing in /sys/block/loop*/loop/backing_file; do
	read -r file rest <"$backing"
	[ "$file" = "/$name.squashfs" ] || continue
	device=${backing#/sys/block/}
	device=/dev/${device%%/*}
	break
done 2>/dev/null

if [ -z "$device" ]; then
	echo "Cannot $do the archive $name: this node has no such archive in its memory" >&2
	exit 1
fi
case $do in
drop) exec losetup -d "$device" ;;
mount)
	# Another program may have mounted the archive meanwhile.
	mount -t squashfs -o ro "$device" "$folder" || is_mounted
	;;
esac
