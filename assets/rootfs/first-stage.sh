#!/bin/busybox sh
# The first stage: makes the image the root and hands PID 1 over to it. All else happens there.
# Every command is a process, which costs 10 ms on an emulated CPU: no more of them than needed.
b=/bin/busybox

fail() {
	echo "clump: Cannot $1: this image is damaged or made for another kernel. Type reboot -f to start again"
	exec $b sh
}

# Kernel messages would write over the screen, and a person reads it without a keyboard.
refuse_processor() {
	$b dmesg -n 1
	printf '\033[2J\033[H\033[1m
  ================================================================

    THIS PC CANNOT BE A NODE: ITS PROCESSOR IS TOO OLD

  ================================================================\033[0m

  clump/os needs an x86-64-v2 processor. This one lacks:
     %s

  What to do:
    - Boot another PC. Intel processors since 2008 (Core i, Xeon 5500)
      and AMD processors since 2011 (FX, Jaguar, Ryzen) are new enough.
    - Take the CD or USB stick out, and this PC starts its own system.
    - A Linux that runs on this PC can still hand the boot files to
      other PCs: npm run pxe on a newer PC makes them for dnsmasq.

  Nothing on this PC was changed. Ctrl-D restarts it; a shell follows.

' "$missing"
	$b sh
	$b reboot -f
}

$b mount -t proc proc /proc || fail "mount /proc"
# The runtime is compiled for x86-64-v2. An older processor would end it with "invalid opcode", and the kernel would panic.
while read -r key colon flags; do
	[ "$key" = flags ] || continue
	for flag in cx16 popcnt ssse3 sse4_1 sse4_2; do
		case " $flags " in *" $flag "*) ;; *) missing="$missing $flag" ;; esac
	done
	break
done </proc/cpuinfo
[ -z "$missing" ] || refuse_processor

# The kernel checks a digest of each module. Its own code takes eight times as many instructions for that, and would do too.
$b insmod /modules/sha256-ssse3.ko
$b insmod /modules/loop.ko || fail "insert the module loop"
# The kernel lets 10 ms pass until a loop device is ready, so each becomes ready while other work is done.
# /dev/loop0 is in this archive: mounting devtmpfs for it would be a process more.
$b losetup -r /dev/loop0 /clump.squashfs &
system=$!
# Each archive keeps its packed bytes in memory on a loop device until archive.sh mounts or drops it. A node is a node
# without them, so a failure here ends nothing.
last=0
for archive in /*.squashfs; do
	[ "$archive" != /clump.squashfs ] || continue
	last=$((last + 1))
	$b losetup -r /dev/loop$last "$archive" &
done
$b insmod /modules/squashfs.ko || fail "insert the module squashfs"
$b mount -t tmpfs -o mode=755,size=35% root /new || fail "mount the new root"
$b mkdir -p /new/usr /new/proc /new/sys /new/dev /new/run /new/tmp /new/etc /new/var /new/root /new/mnt ||
	fail "make the new root"
# Where the CPU has no RDRAND the kernel has no random numbers yet, and the runtime ends itself without this device.
$b mknod /new/dev/urandom c 1 9 || fail "make /dev/urandom"
# The cluster's key may come in an archive of its own behind this one, from the boot medium or the boot server.
[ ! -e /clump.key ] || $b cp /clump.key /new/etc/clump.key || fail "take the key of the cluster"
# So may the key by which Slurm knows who sends a request.
[ ! -e /munge.key ] || $b cp /munge.key /new/etc/munge.key || fail "take the key of munge"
# So may the public keys of the people whom the node lets in by ssh.
[ ! -e /clump.ssh ] || $b cp /clump.ssh /new/etc/clump.ssh || fail "take the keys for ssh"
# What this node boots others with, from an archive that was loaded behind this one.
[ ! -e /srv ] || $b mv /srv /new/srv || fail "take the files for other nodes"
wait $system
$b mount -t squashfs -o ro /dev/loop0 /new/usr || fail "mount the image"
# Reading ahead unpacks what is not asked for: 32 sectors are 16 KB. It is only slower where it cannot be set.
$b blockdev --setra 32 /dev/loop0
# The pages of the program that a boot reads lie here as they are: the program maps them from this archive's own memory.
$b mount -o bind /hot-pages /new/usr/lib/clump/hot-pages || fail "mount the pages of the program"
$b ln -s usr/bin usr/sbin usr/lib usr/lib64 /new || fail "link the new root"
$b mount -o move /proc /new/proc || fail "move /proc"
# PID 1 runs most of its code once: compiling it would cost more than it gives.
export BUN_JSC_useBaselineJIT=0 BUN_JSC_numberOfGCMarkers=1
# switch_root removes the archives' files.
wait
exec $b switch_root /new /usr/sbin/init "$@"
