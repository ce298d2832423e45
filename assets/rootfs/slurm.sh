#!/bin/sh
# What keeps this node in a Slurm cluster: slurm-node munged, slurm-node slurmd CONTROLLER[:PORT][,…] HOW for the supervisor,
# and slurm-node leave HOW at the end of the machine, where HOW is what becomes of jobs: requeue or wait.
export PATH=/usr/sbin:/usr/bin
program=$1 controllers=$2 how=$3
socket=/run/munge/munge.socket.2
node=$(hostname -s)
# In Slurm a node is drained for this reason; a node that has booted again takes jobs again.
leaves="the node shuts down"
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

# The jobs that have a step here, one a line.
steps() {
	ps -o args | sed -n 's/^slurmstepd: \[\([0-9]*\).*/\1/p' | sort -u
}

# A controller that is away may know jobs of this node, and steps are here or not all the same.
is_free() {
	if jobs=$(timeout 20 squeue -h -w "$node" -o %A 2>/dev/null); then
		[ -z "$jobs" ]
	else
		[ -z "$(steps)" ]
	fi
}

drain() {
	why=$(timeout 20 scontrol update nodename="$node" state=drain reason="$leaves" 2>&1) && drained=yes
}

# Slurm gives the node no more jobs, and forgets it once its jobs are gone. A controller that is away holds no node for
# long that need not wait for its jobs.
leave() {
	touch /run/slurm/leaving
	drained=
	drain || [ "$1" = wait ] || return 1
	if [ "$1" = requeue ]; then
		for job in $(squeue -h -w "$node" -t RUNNING,SUSPENDED -o %A); do
			# What no batch script has started cannot be started again.
			scontrol requeue "$job" 2>/dev/null || scancel "$job"
		done
	fi
	until is_free; do
		# The controller may be there again.
		[ -n "$drained" ] || drain
		usleep 500000
	done
	why=$(timeout 20 scontrol delete nodename="$node" 2>&1)
}
if [ "$program" = leave ]; then
	leave "$2" && exit
	echo "Cannot leave Slurm in order: $why" >&2
	exit 1
fi

/usr/lib/clump/archive mount slurm 2>/dev/null || refuse "no archive"

# "[[ctl]:6817] Invalid Protocol Version 10752 from uid=…": the controller's, and the version of this slurmd.
tell_protocol() {
	version=${1#*Invalid Protocol Version }
	own=$(slurmd -V)
	tell "protocol ${version%% *} ${own##* }"
}

# slurmd and munged write no line to /dev/kmsg itself, which is never ready for poll(2). Each run has a pipe of its own: of
# two readers of one pipe each would read parts of lines.
lines=/run/slurm/$program.$$
listen() {
	mkfifo -m 600 $lines || exit 1
	report <$lines &
}
report() {
	rm $lines
	while read -r line; do
		case $line in
		*"Invalid Protocol Version "*) tell_protocol "$line" ;;
		*"remote configs: Zero Bytes"* | *"remote configs: Incompatible"* | *"authentication error"*) tell "hung up" ;;
		*"DNS SRV lookup failed"*) tell "no record" ;;
		*"remote configs: Unable to contact"*) tell "no answer" ;;
		esac
		case $line in *error* | *fatal* | *Error*) say 4 "$line" ;; *) say 6 "$line" ;; esac
	done
}

# Until that process ends: looks after the node in Slurm.
watch() {
	missed=0 pause=2000000
	while usleep $pause && kill -0 "$1" 2>/dev/null; do
		[ -e /run/slurm/conf/slurm.conf ] || continue
		pause=10000000
		if seen=$(timeout 30 sinfo -h -N -n "$node" -o '%T %E' 2>/run/slurm/complaint); then
			look "$1"
		elif complaint=$(grep -m 1 "Invalid Protocol Version" /run/slurm/complaint); then
			tell_protocol "$complaint"
		elif kill -0 "$1" 2>/dev/null; then
			tell "no answer"
		fi
	done
}
# What Slurm has said of the node. Someone may have deleted it, which slurmd never notices: a new one registers itself.
look() {
	if [ -z "$seen" ]; then
		missed=$((missed + 1))
		[ $missed -lt 2 ] || [ -e /run/slurm/leaving ] || kill "$1"
		return
	fi
	missed=0
	case $seen in
	*" $leaves") [ -e /run/slurm/leaving ] || scontrol update nodename="$node" state=resume ;;
	esac
	tell "state ${seen%% *} $(steps | wc -l) ${seen#* }"
}

case $program in
munged)
	# munged refuses a key that others may read, and folders that others may write to.
	mkdir -p -m 700 /etc/munge /var/lib/munge
	mkdir -p -m 755 /run/munge
	key=/etc/munge/munge.key
	[ -s $key ] || [ ! -s /etc/munge.key ] || (umask 077; cat /etc/munge.key >$key)
	# Process 1 writes it where the node has a cluster key.
	until [ -s $key ] || [ -s /run/slurm/munge.key ] || [ ! -s /etc/clump.key ]; do usleep 100000; done
	[ -s $key ] || (umask 077; cat /run/slurm/munge.key >$key) 2>/dev/null || refuse "no key"
	listen
	# --force takes the socket over from a munged that was killed.
	exec munged --foreground --force --log-file=/dev/stderr --seed-file=/var/lib/munge/seed >$lines 2>&1
	;;
slurmd)
	# slurm.conf of the controller names a SlurmUser, which has to be a user here too.
	grep -q '^slurm:' /etc/passwd || echo 'slurm:x:64030:64030:Slurm:/:/usr/bin/nologin' >>/etc/passwd
	grep -q '^slurm:' /etc/group || echo 'slurm:x:64030:' >>/etc/group
	mkdir -p /var/lib/slurm/slurmd /var/spool/slurmd /var/log/slurm
	# Process 1 writes it when the node has its number, and so its name.
	until [ -s /run/slurm/features ]; do usleep 100000; done
	read -r features </run/slurm/features
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
	listen
	# Without --conf-server slurmd asks DNS for _slurmctld._tcp.
	exec slurmd -D -Z ${controllers:+--conf-server "$controllers"} --conf "Feature=$features" >$lines 2>&1
	;;
*)
	echo "Cannot run that: munged, slurmd or leave was wanted" >&2
	exit 1
	;;
esac
