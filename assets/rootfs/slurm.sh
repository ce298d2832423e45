#!/bin/sh
# What keeps this node in a Slurm cluster: slurm-node munged, slurm-node slurmd CONTROLLER[:PORT][,…] HOW for the supervisor,
# and slurm-node leave HOW at the end of the machine, where HOW is what becomes of jobs: requeue or wait.
export PATH=/usr/sbin:/usr/bin
program=$1 controllers=$2 how=$3
socket=/run/munge/munge.socket.2
node=$(hostname -s)
umask 022
mkdir -p /run/slurm

say() {
	echo "<$1>$program: $2" >/dev/kmsg
}
# For the screens: process 1 reads the file.
tell() {
	echo "$1" >/run/slurm/state.$$ && mv /run/slurm/state.$$ /run/slurm/state
}
refuse() {
	tell "$1"
	exit 1
}

# Slurm gives the node no more jobs, and forgets it once its jobs are gone. A controller that is away holds nobody for long.
leave() {
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

/usr/lib/clump/archive mount slurm 2>/dev/null || refuse "no archive"

# slurmd and munged write no line to /dev/kmsg itself, which is never ready for poll(2).
lines=/run/slurm/$program.lines
[ -p $lines ] || mkfifo -m 600 $lines || exit 1
while read -r line; do
	case $line in
	*"remote configs: Zero Bytes"* | *"Incompatible versions"* | *"authentication error"*) tell "hung up" ;;
	*"DNS SRV lookup failed"*) tell "no record" ;;
	*"remote configs: Unable to contact"*) tell "no answer" ;;
	esac
	case $line in *error* | *fatal* | *Error*) say 4 "$line" ;; *) say 6 "$line" ;; esac
done <$lines &

# Until that process ends: the state of the node in Slurm, and how many jobs have a step here.
watch() {
	while kill -0 "$1" 2>/dev/null; do
		usleep 10000000
		[ -e /run/slurm/conf/slurm.conf ] || continue
		if seen=$(timeout 30 sinfo -h -N -n "$node" -o '%T %E' 2>/dev/null); then
			jobs=$(ps -o args | sed -n 's/^slurmstepd: \[\([0-9]*\).*/\1/p' | sort -u | wc -l)
			# The node is in no list until it has registered.
			[ -z "$seen" ] || tell "state ${seen%% *} $jobs ${seen#* }"
		else
			tell "no answer"
		fi
	done
}

case $program in
munged)
	# munged refuses a key that others may read, and folders that others may write to.
	mkdir -p -m 700 /etc/munge /var/lib/munge
	mkdir -p -m 755 /run/munge
	key=/etc/munge/munge.key
	[ -s $key ] || [ ! -s /etc/munge.key ] || (umask 077; cat /etc/munge.key >$key)
	[ -s $key ] || (umask 077; clump slurm key >$key) || refuse "no key"
	# --force takes the socket over from a munged that was killed.
	exec munged --foreground --force --log-file=/dev/stderr --seed-file=/var/lib/munge/seed >$lines 2>&1
	;;
slurmd)
	# slurm.conf of the controller names a SlurmUser, which has to be a user here too.
	grep -q '^slurm:' /etc/passwd || echo 'slurm:x:64030:64030:Slurm:/:/usr/bin/nologin' >>/etc/passwd
	grep -q '^slurm:' /etc/group || echo 'slurm:x:64030:' >>/etc/group
	mkdir -p /var/lib/slurm/slurmd /var/spool/slurmd /var/log/slurm
	features=$(clump slurm features) || exit 1
	# The node has its name by now.
	node=$(hostname -s)
	# slurmd asks systemd for a cgroup for its jobs, unless the cgroup is there (Debian's slurmd names it after the node).
	cgroups=/sys/fs/cgroup/system.slice
	mkdir -p "$cgroups/${node}_slurmstepd.scope" $cgroups/slurmstepd.scope
	for folder in /sys/fs/cgroup $cgroups; do
		echo "+cpuset +cpu +memory" >$folder/cgroup.subtree_control
	done
	echo "$how" >/run/slurm/leave
	# Jobs find their files.
	while [ -e /run/clump/shares.pending ]; do usleep 500000; done
	until [ -S $socket ]; do usleep 100000; done
	watch $$ &
	# Without --conf-server slurmd asks DNS for _slurmctld._tcp.
	exec slurmd -D -Z ${controllers:+--conf-server "$controllers"} --conf "Feature=$features" >$lines 2>&1
	;;
*)
	echo "Cannot run that: munged, slurmd or leave was wanted" >&2
	exit 1
	;;
esac
