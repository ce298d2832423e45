/** A program that attacks the node on which it is a guest. */

/** Each would change the node, or see what is not the guest's. */
const ATTACKS = `mknod /tmp/disk b 254 0
mount -t tmpfs none /mnt
mount -o remount,rw /proc/sys
umount /proc/sys
date -s 2001-01-01 >/dev/null; test $(date +%Y) = 2001
hostname x
dmesg
cat /proc/kmsg
echo x >/proc/sys/kernel/core_pattern
echo h >/proc/sysrq-trigger
modprobe dummy
ip link set lo down
ls /proc/1/root/
nsenter -t 1 -m true
nc -w 3 127.0.0.1 5430 </dev/null
grep -q . /etc/clump.key`;

/** Says which attacks a guest can do, and its capabilities before it comes home and after. */
export const ATTACKER = `grep Eff /proc/self/status
${ATTACKS.replace(/.+/g, '($&) 2>/dev/null && echo "can $&"')}
echo done
until test -e /tmp/back; do sleep 0.2; done
grep Eff /proc/self/status
`;
