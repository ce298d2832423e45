#!/bin/sh
# A window with a shell: what a click beside the windows opens.
export HOME=/root
unset BUN_JSC_useJIT BUN_JSC_numberOfGCMarkers
# shellcheck disable=SC2086 # a program with its arguments
exec xterm -title shell -bg gray12 -geometry 80x24-8-32 -e $CLUMP_SHELL
