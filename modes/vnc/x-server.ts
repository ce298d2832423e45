/** The command line of the X server that speaks VNC (Xtigervnc(1)). */

import type { ClumpvncOptions } from "./options.ts";

const FONTS = "/usr/lib/clump/desktop/share/fonts/X11/misc,built-ins";

/** TigerVNC blocks an address after five connections without a login; without a password there is nothing to guess. */
const SECURITY = {
  password: (file: string) => ["-SecurityTypes", "TLSVnc,VncAuth", "-PasswordFile", file],
  none: ["-SecurityTypes", "TLSNone,None", "-UseBlacklist=0"],
};

/** A viewer only watches: its keys, pointer, clipboard and window size change nothing. */
const VIEW_ONLY = ["KeyEvents", "PointerEvents", "CutText", "SetDesktopSize"];

/** An X server for the port on the loopback, until a minute after its last viewer; it writes a line when it is ready. */
export function xServerCommand(
  { passwordFile, viewOnly }: Pick<ClumpvncOptions, "passwordFile" | "viewOnly">,
  { display, port, title }: { readonly display: string; readonly port: number; readonly title: string },
): string[] {
  return [
    ...["Xtigervnc", display, "-rfbport", String(port), "-localhost", "-displayfd", "1"],
    // The X server lets in root without a password: a guest of moves reaches abstract sockets, and no file of this node.
    ...["-nolisten", "local"],
    // The X server opens no font through a link.
    ...["-geometry", "1280x800", "-fp", FONTS, "-desktop", title],
    ...["-AlwaysShared", "-MaxDisconnectionTime", "60"],
    ...(passwordFile === undefined ? SECURITY.none : SECURITY.password(passwordFile)),
    ...(viewOnly ? VIEW_ONLY.map((name) => `-Accept${name}=0`) : []),
  ];
}
