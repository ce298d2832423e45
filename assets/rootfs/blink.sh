#!/bin/sh
# Blinks the lights of this PC for 20 s, so that a person finds it: the LEDs of its keyboards, and those of its NICs
# where the tools are there.
seconds=20

for nic in /sys/class/net/*; do
	[ -e "$nic/device" ] && [ -e /usr/sbin/ethtool ] && /usr/sbin/ethtool -p "${nic##*/}" $seconds &
done 2>/dev/null

light() {
	for led in /sys/class/leds/*::capslock /sys/class/leds/*::numlock /sys/class/leds/*::scrolllock; do
		[ ! -e "$led" ] || echo "$1" >"$led/brightness"
	done
}

# What the LEDs show of the keyboard comes back with the next press of its keys.
second=0
while [ $second -lt $seconds ]; do
	light 1
	usleep 500000
	light 0
	usleep 500000
	second=$((second + 1))
done
