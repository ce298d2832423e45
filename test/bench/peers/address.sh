#!/bin/busybox sh
# Called by udhcpc with what the server said.
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev "$interface"
[ -n "$router" ] && ip route add default via "$router"
echo "<6>peer: address set: $ip" >/dev/kmsg
