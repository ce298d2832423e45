#!/bin/sh
# Sees to it that what a purpose needs is on this machine: setup.sh [npm|build|deb|start|iso|serve|release|test|bench]
# npm packages come from package-lock.json, Debian packages from the machine's apt sources, which takes root.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-${npm_lifecycle_event:-start}}

build='apt ca-certificates dpkg gcc libc6-dev musl-tools squashfs-tools xz-utils'
deb="$build tar"
start="$build ipxe-qemu qemu-system-x86 seabios"
iso="$build grub-common mtools xorriso"
serve="$iso dnsmasq-base"
release="$iso binutils openssh-client"
viewer='tigervnc-standalone-server tigervnc-viewer x11-apps xdotool'
test="$start $serve $release $viewer chromium coreutils e2fsprogs genisoimage iproute2 kea-dhcp4-server make mmdebstrap ovmf tar util-linux"

case $purpose in
npm) wanted= ;;
build) wanted=$build ;;
deb) wanted=$deb ;;
start) wanted=$start ;;
iso) wanted=$iso ;;
serve) wanted=$serve ;;
release) wanted=$release ;;
test) wanted=$test ;;
bench) wanted="$test kmod" ;;
*)
	echo "Cannot set up for $purpose: npm, build, deb, start, iso, serve, release, test or bench was wanted" >&2
	exit 1
	;;
esac

if [ -n "$wanted" ]; then
	# shellcheck disable=SC2086 # a list of names
	there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null) || :
	missing=
	for name in $wanted; do
		case "
$there
" in
		*"
installed $name
"*) ;;
		*) missing="$missing $name" ;;
		esac
	done
	if [ -n "$missing" ]; then
		as_root=
		[ "$(id -u)" = 0 ] || as_root='sudo -n'
		if [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; then
			echo "Cannot install Debian packages: root is needed for that, once. Type this, then try again:" >&2
			echo "  sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
			exit 1
		fi
		echo "Installing Debian packages:$missing" >&2
		for name in $missing; do
			apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [0-9]' || update=yes
		done
		[ -z "${update:-}" ] || $as_root apt-get -qq update
		# Kea is wanted as a program: RUNLEVEL=1 keeps a package from starting its service (invoke-rc.d(8)),
		# and where systemd starts it all the same, its first configuration serves no interface.
		# shellcheck disable=SC2086
		$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
			apt-get -qq install -y --no-install-recommends $missing >&2
	fi
fi

# npm writes this file at the end of each installation.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
	npm ci --no-audit --no-fund
fi
