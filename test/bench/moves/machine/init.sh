#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The init of a machine of QEMU that has the files of its host by 9p: runs /program with these as its root, and says how it ended.
b=/bin/busybox
$b mkdir -p /proc /sys /host /written /root
$b mount -t proc none /proc
$b mount -t sysfs none /sys
$b mount -t devtmpfs none /dev
for module in /modules/*; do $b insmod "$module"; done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=524288 files /host || exec $b sh
$b mount -t tmpfs none /written
$b mkdir /written/upper /written/work
$b mount -t overlay -o lowerdir=/host,upperdir=/written/upper,workdir=/written/work none /root || exec $b sh
for folder in proc sys dev; do $b mount --move /$folder /root/$folder; done
$b mkdir -p /root/dev/pts /root/dev/shm
$b mount -t devpts none /root/dev/pts
for folder in dev/shm var/tmp run sys/fs/cgroup; do $b mount -t tmpfs none /root/$folder; done
$b mkdir /root/sys/fs/cgroup/unified
$b mount -t cgroup2 none /root/sys/fs/cgroup/unified
$b hostname machine
program=$($b cat /program)
# shellcheck disable=SC2016 # the shell of the host
exec $b switch_root /root /bin/sh -c 'export HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin
ip link set lo up
setsid --wait sh -c "$0"
echo "The program has ended with $?"
while :; do sleep 60; done' "$program"
