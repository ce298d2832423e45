#!/bin/sh
# VNC of this node. Standard input is a socket that listens; until somebody connects there is this shell and nothing else.
# The arguments are for clumpvnc.
export PATH=/usr/sbin:/usr/bin DISPLAY=:0

# It waits until there is a connection, which it cannot read and leaves to clumpvnc.
read -r -t 2000000 nothing

exec clumpvnc "$@"
