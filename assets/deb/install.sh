#!/bin/sh
# Installs clump from this folder on a machine with systemd, as root: install.sh, or install.sh --remove.
set -eu
cd "$(dirname "$0")"

fail() {
	echo "Cannot install clump: $1" >&2
	exit 1
}
[ "$(id -u)" = 0 ] || fail "root was wanted, as with sudo"
[ -d /run/systemd/system ] || fail "systemd does not run here, and was wanted"

case ${1:-} in
"")
	command -v criu >/dev/null || echo "criu(8) is missing: processes move once it is installed, as /usr/sbin/criu" >&2
	(cd files && find . ! -type d ! -path ./etc/clump.conf) | while read -r file; do
		mkdir -p "/$(dirname "$file")"
		cp -Pp "files/$file" "/$file.new"
		mv -f "/$file.new" "/$file"
	done
	[ -e /etc/clump.conf ] || cp files/etc/clump.conf /etc/clump.conf
	systemctl daemon-reload
	echo "Installed. clump join makes this machine a node."
	;;
--remove)
	if systemctl is-active --quiet clump.service; then clump leave; fi
	(cd files && find . ! -type d) | while read -r file; do rm -f "/$file"; done
	rm -rf /usr/lib/clump /usr/share/doc/clump /run/clump /etc/clump.key /etc/mosix.map
	rmdir /mfs 2>/dev/null || :
	systemctl daemon-reload
	;;
*) fail "\"$1\" is no option, and --remove or nothing was wanted" ;;
esac
