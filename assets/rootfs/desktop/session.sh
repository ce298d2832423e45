#!/bin/sh
# What is on the desktop.
desktop=/usr/lib/clump/desktop

# A click beside the windows opens a shell, where there is one to open.
opener=true
title=clumpview
if [ -n "$CLUMP_SHELL" ]; then
	opener=$desktop/shell
	title='clumpview (a click beside this window opens a shell)'
fi
{
	cat $desktop/resources
	echo "lwm.button1: $opener"
	echo "lwm.button2: $opener"
} | xrdb -nocpp -load
lwm &

# Who leaves clumpview gets it back. xterm fails when the X server has gone.
export BUN_JSC_useJIT=0 BUN_JSC_numberOfGCMarkers=1
while xterm -title "$title" -geometry 100x36+10+24 -e clumpview; do
	sleep 1
done
