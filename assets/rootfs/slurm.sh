#!/bin/sh
# What keeps this node in a Slurm cluster: slurm-node munged, slurm-node slurmd CONTROLLER[:PORT][,…] HOW for the supervisor,
# and slurm-node leave HOW at the end of the machine, where HOW is what becomes of jobs: requeue or wait.
export PATH=/usr/sbin:/usr/bin
program=$1 controllers=$2
how=$3
socket=/run/munge/munge.socket.2
say() {
	echo "<$1>$program: $2" >/dev/kmsg
}
refuse() {
	say 4 "$1"
	exit 1
}

# Slurm gives the node no more jobs, and forgets it once its jobs are gone. A controller that is away holds nobody for long.
leave() {
	node=$(hostname -s)
	why=$(timeout 20 scontrol update nodename="$node" state=drain reason="the node shuts down" 2>&1) || return 1
	if [ "$1" = requeue ]; then
		for job in $(squeue -h -w "$node" -t RUNNING,SUSPENDED -o %A); do
			# What no batch script has started cannot be started again.
			scontrol requeue "$job" 2>/dev/null || scancel "$job"
		done
	fi
	until [ -z "$(squeue -h -w "$node" -o %A)" ]; do usleep 500000; done
	why=$(timeout 20 scontrol delete nodename="$node" 2>&1)
}
if [ "$program" = leave ]; then
	leave "$2" && exit
	echo "Cannot leave Slurm in order: $why" >&2
	exit 1
fi

why=$(/usr/lib/clump/archive mount slurm 2>&1) ||
	refuse "Cannot be a node of Slurm: slurm.img was wanted behind initramfs.img: $why"
umask 022

# slurmd and munged write no line to /dev/kmsg itself, which is never ready for poll(2).
mkdir -p /run/slurm
lines=/run/slurm/$program.lines
[ -p $lines ] || mkfifo -m 600 $lines || refuse "Cannot make $lines"
while read -r line; do
	case $line in *error* | *fatal* | *Error*) say 4 "$line" ;; *) say 6 "$line" ;; esac
done <$lines &

case $program in
munged)
	# munged refuses a key that others may read, and folders that others may write to.
	mkdir -p -m 700 /etc/munge /var/lib/munge
	mkdir -p -m 755 /run/munge
	key=/etc/munge/munge.key
	[ -s $key ] || (umask 077; clump slurm key >$key) || refuse "Cannot prove users to Slurm: clump.key= was wanted"
	# --force takes the socket over from a munged that was killed.
	exec munged --foreground --force --log-file=/dev/stderr --seed-file=/var/lib/munge/seed >$lines 2>&1
	;;
slurmd)
	# slurm.conf of the controller names a SlurmUser, which has to be a user here too.
	grep -q '^slurm:' /etc/passwd || echo 'slurm:x:64030:64030:Slurm:/:/usr/bin/nologin' >>/etc/passwd
	grep -q '^slurm:' /etc/group || echo 'slurm:x:64030:' >>/etc/group
	mkdir -p /var/lib/slurm/slurmd /var/spool/slurmd /var/log/slurm
	features=$(clump slurm features) || refuse "Cannot find the features of this node"
	# slurmd asks systemd for a cgroup for its jobs, unless the cgroup is there (Debian's slurmd names it after the node).
	cgroups=/sys/fs/cgroup/system.slice
	mkdir -p "$cgroups/$(hostname -s)_slurmstepd.scope" $cgroups/slurmstepd.scope
	for folder in /sys/fs/cgroup $cgroups; do
		echo "+cpuset +cpu +memory" >$folder/cgroup.subtree_control
	done
	echo "$how" >/run/slurm/leave
	until [ -S $socket ]; do usleep 100000; done
	exec slurmd -D -Z --conf-server "$controllers" --conf "Feature=$features" >$lines 2>&1
	;;
*)
	refuse "Cannot run that: munged or slurmd was wanted"
	;;
esac
