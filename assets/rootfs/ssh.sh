#!/bin/sh
# The ssh server of a node, for the keys of process 1; with the argument "more" also for those of the file clump.ssh, and
# for the password of the shells, of which process 1 has left a hash in /etc/shadow.
export PATH=/usr/sbin:/usr/bin
say() {
	echo "<$1>clump: $2" >/dev/kmsg
}
refuse() {
	say 4 "Cannot let anybody in by ssh: $1"
	exit 1
}

why=$(clump tools 2>&1 >/dev/null) || refuse "${why#clump: }"
umask 077
mkdir -p /root/.ssh /etc/dropbear
keys=/root/.ssh/authorized_keys
cat /run/clump/ssh.keys >$keys
# Without -s dropbear takes a password.
options=-s
if [ "$1" = more ]; then
	[ ! -e /etc/clump.ssh ] || cat /etc/clump.ssh >>$keys
	[ ! -e /etc/shadow ] || options=
fi
[ -s $keys ] || [ -z "$options" ] ||
	refuse "clump.ssh=KEY, a file clump.ssh or clump.shell.password= was wanted, and there is none"

host=/etc/dropbear/host_key
[ -e $host ] || dropbearkey -t ed25519 -f $host >/dev/null 2>&1 || refuse "dropbearkey made no key of the host"
# 0016 is port 22, and 0A is TCP_LISTEN; dropbear itself tells nobody when it listens.
for try in $(seq 100); do
	grep -q ':0016 .* 0A ' /proc/net/tcp || { usleep 100000; continue; }
	say 6 "ssh listens on port 22, the key of this host is $(dropbearkey -y -f $host | sed -n 's/^Fingerprint: //p')"
	break
done &
exec dropbear -F -r $host $options
