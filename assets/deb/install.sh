#!/bin/sh
# Installs clump from this folder on a machine with systemd, as root: install.sh, or install.sh --remove.
set -eu
umask 022
cd "$(dirname "$0")"

fail() {
	echo "Cannot install clump: $1" >&2
	exit 1
}
[ "$(id -u)" = 0 ] || fail "root was wanted, as with sudo"
[ -d /run/systemd/system ] || fail "systemd does not run here, and was wanted"

# The folders that this script made, which go again.
made=/usr/lib/clump/made

case ${1:-} in
"")
	command -v criu >/dev/null || echo "criu(8) is missing: processes move once it is installed, as /usr/sbin/criu" >&2
	command -v dnsmasq >/dev/null || echo "dnsmasq(8) is missing: clump serve boots other PCs once it is installed" >&2
	(cd files && find . -type d | sort) | while read -r folder; do
		[ ! -d "/$folder" ] || continue
		mkdir "/$folder"
		echo "$folder" >>/run/clump.made
	done
	(cd files && find . ! -type d ! -path ./etc/clump.conf) | while read -r file; do
		cp -Pp "files/$file" "/$file.new"
		mv -f "/$file.new" "/$file"
	done
	# An installation over another one makes few folders or none.
	[ ! -e /run/clump.made ] || cat /run/clump.made >>$made
	rm -f /run/clump.made
	[ -e /etc/clump.conf ] || cp files/etc/clump.conf /etc/clump.conf
	systemctl daemon-reload
	systemctl try-restart clump.service clumpd.service clumpjobs.service clumpserve.service
	echo "Installed. clump join makes this machine a node."
	;;
--remove)
	[ ! -e /etc/clump.serve ] || clump serve off
	if systemctl is-active --quiet clump.service; then clump leave; fi
	folders=$(sort -r $made 2>/dev/null || :)
	(cd files && find . ! -type d) | while read -r file; do rm -f "/$file"; done
	rm -f $made /etc/clump.key /etc/clump.nodes /etc/mosix.map
	for folder in $folders; do rmdir "/$folder" 2>/dev/null || :; done
	# Processes that came home still need their daemon, which removes the folder when they have ended.
	systemctl is-active --quiet clumpjobs.service || rm -rf /run/clump
	rmdir /mfs 2>/dev/null || :
	systemctl daemon-reload
	;;
*) fail "\"$1\" is no option, and --remove or nothing was wanted" ;;
esac
