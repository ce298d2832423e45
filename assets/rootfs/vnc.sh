#!/bin/sh
# The desktop of this node for as long as somebody looks. Standard input is a socket that listens; until somebody connects
# there is this shell and nothing else. The arguments are for the X server.
export PATH=/usr/sbin:/usr/bin DISPLAY=:0
desktop=/usr/lib/clump/desktop
ready=/run/clump/desktop-ready

# It waits until there is a connection, which it cannot read and leaves to the X server.
read -r -t 2000000 nothing

/usr/lib/clump/archive mount desktop || exit
rm -f $ready
mkfifo -m 600 $ready || exit
$desktop/session </dev/null $ready &
# The X server opens no font through a link.
exec Xtigervnc $DISPLAY -inetd -geometry 1280x800 -fp $desktop/share/fonts/X11/misc,built-ins -desktop "$(hostname)" \
	-AlwaysShared -MaxDisconnectionTime 60 -displayfd 4 "$@" 4>$ready
