/** How the tests run each program of the image on a node, so that none of them lacks a file that it needs. */

/** A command for the shell of a node and a part of its output; or the test that runs the program in another way. */
export type ProgramCheck = readonly [command: string, wanted: string] | { readonly test: string };

const VNC = { test: "test/vm/vnc.test.ts" };

/** By where the program lies in the image. */
export const PROGRAM_CHECKS: Readonly<Record<string, ProgramCheck>> = {
  "usr/bin/busybox": ["busybox | head -1", "BusyBox v"],
  "usr/bin/clump": ["clump help | cat", "clump report"],
  "usr/bin/clumpview": ["clumpview --once", "10.0.2.15"],
  "usr/bin/kmod": ["kmod list", "virtio_net"],
  "usr/bin/lspci": ["lspci -nn", "Ethernet controller"],
  "usr/bin/lsusb": ["until lsusb | grep QEMU; do usleep 300000; done", "QEMU"],
  "usr/bin/man": ["man clumpview | cat", "SYNOPSIS"],
  "usr/bin/menu": ["menu --help", "menu"],
  "usr/bin/migrate": ["migrate --help", "migrate PID NODE"],
  "usr/bin/mosctl": ["mosctl whois 15", "10.0.2.15"],
  "usr/bin/mosmon": ["mosmon --help", "clumpview"],
  "usr/bin/mtop": ["mtop --help", "clumpview"],
  "usr/bin/mps": ["mps | grep clumpd", "/usr/sbin/clumpd"],
  "usr/bin/showmap": ["showmap", "10.0.2.1"],
  "usr/sbin/clumpd": ["ps -o args | grep '^/usr/sbin/clumpd' || true", "/usr/sbin/clumpd"],
  "usr/sbin/clumpjobs": ["clumpjobs --help", "clumpjobs"],
  "usr/sbin/clumpserve": ["clumpserve --help", "clumpserve"],
  "usr/sbin/clumpvnc": ["clumpvnc --help", "clumpvnc"],
  "usr/sbin/clumpweb": ["clumpweb --help", "clumpweb"],
  "usr/sbin/criu": ["/usr/lib/clump/archive mount moves; criu check 2>&1", "Looks good."],
  "usr/sbin/depmod": ["depmod -n | grep virtio_net.ko | head -1", "virtio_net.ko"],
  "usr/sbin/init": ["readlink /proc/1/exe", "/usr/lib/clump/clump"],
  "usr/sbin/insmod": ["modprobe e1000; rmmod e1000; insmod $(modinfo -n e1000) && lsmod", "e1000"],
  "usr/sbin/lsmod": ["lsmod", "virtio_net"],
  "usr/sbin/modinfo": ["modinfo -F license virtio_net", "GPL"],
  "usr/sbin/modprobe": ["modprobe dummy 2>&1; modprobe bridge && lsmod", "bridge"],
  "usr/sbin/rmmod": ["modprobe bonding; rmmod bonding && lsmod | grep -c bonding || true", "0"],
  "usr/sbin/setpe": ["setpe -r", "10.0.2.1"],
  "usr/bin/bash": ["bash -c 'echo $BASH_VERSION'", "5."],
  "usr/bin/curl": ["echo >/tmp/page here; curl -s file:///tmp/page; curl --version", "https"],
  "usr/bin/dropbearkey": ["dropbearkey -t ed25519 -f /tmp/host-key 2>&1", "ssh-ed25519"],
  "usr/bin/htop": ["htop --version", "htop 3"],
  "usr/bin/iperf3": ["iperf3 -s -1 -D; sleep 1; iperf3 -c 127.0.0.1 -t 1", "receiver"],
  "usr/bin/python3": ["python3 -c 'import hashlib, os, socket, subprocess; print(6 * 7)'", "42"],
  "usr/bin/rsync": ["rsync -a /etc/passwd /tmp/copy && cat /tmp/copy", "root"],
  "usr/bin/scp": ["touch /tmp/letter; scp /tmp/letter /tmp/copied && ls /tmp/copied", "/tmp/copied"],
  "usr/bin/sftp": ["sftp 2>&1 || true", "usage: sftp"],
  "usr/bin/ssh": ["ssh -V 2>&1", "OpenSSH"],
  "usr/bin/ssh-keygen": ["ssh-keygen -q -t ed25519 -N '' -f /tmp/key && cat /tmp/key.pub", "ssh-ed25519"],
  "usr/bin/strace": ["strace -e trace=write echo traced 2>&1", "write(1"],
  "usr/bin/tmux": ["LC_ALL=C.UTF-8 tmux new -d 'sleep 9' && tmux ls", "windows"],
  "usr/sbin/dropbear": ["dropbear -V 2>&1", "Dropbear v"],
  "usr/sbin/ethtool": ["ethtool -i eth0", "virtio_net"],
  "usr/bin/Xtigervnc": VNC,
  "usr/bin/lwm": VNC,
  "usr/bin/xkbcomp": VNC,
  "usr/bin/xrdb": VNC,
  "usr/bin/xterm": VNC,
};

/** What programs look for in files beside their own: names of hosts, services and accounts, the time zone, terminals. */
export const FILE_CHECKS: readonly (readonly [name: string, command: string, wanted: string])[] = [
  ["a host of /etc/hosts", "ping -c 1 localhost", "1 packets received"],
  ["this node by its name", 'ping -c 1 "$(hostname)"', "10.0.2.15"],
  ["a name server", "cat /etc/resolv.conf; nslookup -timeout=1 nobody.invalid 2>&1 || true", "10.0.2.3"],
  ["an account", "su -c id", "uid=0(root)"],
  ["the owner of a file", "ls -l /etc/passwd", "root"],
  ["the time zone", "date +%Z", "UTC"],
  ["connections with names", "netstat -a -t 2>&1 | head -2", "Active Internet connections"],
  ["routes with names", "route", "default"],
  ["the clock of the hardware", "hwclock", "20"],
  ["a route through routers", "traceroute -q 1 -w 1 -m 1 10.0.2.2", "10.0.2.2"],
  ["a file by TFTP, its port by name", "tftp -g -r none -l /tmp/none 10.0.2.2 2>&1 || true", "tftp"],
  ["a message to the log", "logger hello 2>&1; echo sent", "sent"],
];
