#!/bin/sh
# lsusb of usbutils, for machines without USB too: its libusb takes them for a fault.
if [ ! -e /dev/bus/usb ]; then
	echo 'this machine has no USB'
	exit
fi
exec /usr/lib/clump/lsusb "$@"
