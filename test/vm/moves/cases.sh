# SPDX-License-Identifier: GPL-2.0-or-later
# What the test of cases asks of a node's shell. Programs wait in the middle until the file "go" is there.

# wait_for COMMAND...: until it succeeds.
wait_for() {
	until "$@" >/dev/null 2>&1; do usleep 50000; done
}

# has_lines FILE COUNT
has_lines() {
	[ "$(wc -l <"$1")" = "$2" ]
}

# in_folder NAME: a new folder for a case, which an attempt before may have left.
in_folder() {
	rm -rf "/tmp/cases/$1"
	mkdir -p "/tmp/cases/$1" && cd "/tmp/cases/$1" || return
}

# a_case CASE NODE: moves a process that has it, and prints what migrate(1) and the process ended with and said.
a_case() {
	in_folder "$1"
	/srv/case "$1" >out </dev/null &
	wait_for [ -e here ]
	migrate $! "$2" 2>why
	moved=$?
	touch go
	wait $!
	echo "migrate $moved, case $?: $(cat out why)"
}

# soon NAME NODE COMMAND: moves that program once it runs, while the shell waits for it; then runs the command.
soon() {
	(
		wait_for pidof "$1"
		usleep 500000
		migrate "$(pidof "$1")" "$2"
		echo "moved $?"
		eval "$3"
	) &
}

# some_statuses STATUS...
some_statuses() {
	for status in "$@"; do
		/srv/case memfd "$status" >/dev/null &
		jobs="$jobs $!"
		migrate $! 2
	done
	touch go
	for job in $jobs; do
		wait "$job"
		echo $?
	done >all
	xargs <all
}

# each_of COUNT: jobs of so many statuses, on two nodes.
each_of() {
	for status in $(seq "$1"); do
		/srv/case memfd "$status" >/dev/null &
		migrate $! $((2 + status % 2))
	done
	touch go
	for status in $(seq "$1"); do
		wait -n
		echo $?
	done >all
	sort -n all | xargs
}

# A move takes seconds, and the time of timeout(1) stands still meanwhile.
in_time() {
	timeout 9 /srv/work 100000 1 0 late >/dev/null &
	wait_for pidof work
	kill -STOP "$(pidof timeout)"
	migrate "$(pidof work)" 3
	kill -CONT "$(pidof timeout)"
	wait $! 2>/dev/null
	echo $?
}

# Goes on to children of its own, and ends them and itself.
trapped_script() {
	trap 'echo trapped' EXIT
	echo $$ >pid
	wait_for [ -e go ]
	sleep 100 &
	sleep 100 &
	trap 'echo got' TERM
	kill 0
	wait
	exit 3
}

traps() {
	setsid sh -c '. /srv/cases.sh; trapped_script' >said &
	wait_for [ -s pid ]
	migrate "$(cat pid)" 2
	touch go
	wait $!
	echo $?
	cat said
}

traps_of() {
	trap 'echo '"$1"' >>traps; exit' USR1
	echo >>ready
	while :; do usleep 100000; done
}

group_script() {
	(traps_of one) &
	(traps_of two) &
	echo $$ >pid
	traps_of root
}

group() {
	setsid sh -c '. /srv/cases.sh; group_script' 2>/dev/null &
	wait_for has_lines ready 3
	migrate "$(cat pid)" 3
	kill -USR1 -- -"$(cat pid)"
	wait $!
	wait_for has_lines traps 3
	sort traps | xargs
}

shared_list() {
	printf 'a\nb\nc\nd\n' >list
	{
		read -r first
		/srv/case list
		status=$?
		read -r third
		echo "$first $status $third"
	} <list >out &
	wait_for [ -e here ]
	migrate "$(pidof case)" 2
	touch go
	wait $!
	cat out
}

# appends COUNT: so many jobs append to one log, from three nodes.
appends() {
	for job in $(seq "$1"); do
		/srv/work 40 1 0 "w$job" 1024 go >>log &
		[ $((job % 3)) = 0 ] || migrate $! $((1 + job % 3))
	done
	touch go
	wait
	sort log | md5sum
}

of_user() {
	mkdir -p a/b
	chown 1000:1000 a/b
	echo 'v:x:1000:1000::/tmp:/bin/sh' >>/etc/passwd
	su v -c 'cd a/b; exec /srv/case user >out' &
	wait_for [ -e a/b/here ]
	migrate "$(pidof case)" 3
	touch a/b/go
	wait $!
	echo $?
	cat a/b/out a/b/made
	stat -c ' %u' a/b/made
}
