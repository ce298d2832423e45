/** What the desktop behind VNC is made of, as data: an X server that speaks VNC, a window manager, a terminal. */

import type { Archive } from "./archive.ts";

/** Libraries that are depended on and never loaded: OpenGL of Mesa, which no program here draws with. */
export const LIBRARIES_LEFT_OUT = ["libglx-mesa0"];

/** The keyboard of the X server, "evdev" with the layout "us": what xkbcomp(1) opens of xkb-data for it. */
const KEYBOARD_FILES = [
  "rules/evdev",
  ...["keycodes/aliases", "keycodes/evdev", "geometry/pc"],
  ...["compat/accessx", "compat/basic", "compat/caps", "compat/complete", "compat/iso9995", "compat/ledcaps"],
  ...[
    "compat/lednum",
    "compat/ledscroll",
    "compat/level5",
    "compat/misc",
    "compat/mousekeys",
    "compat/xfree86",
  ],
  ...["symbols/altwin", "symbols/inet", "symbols/keypad", "symbols/pc", "symbols/srvr_ctrl", "symbols/us"],
  ...["types/basic", "types/complete", "types/extra", "types/iso9995", "types/level5", "types/mousekeys"],
  ...["types/numpad", "types/pc"],
];

/** Without these libX11 has no locale at all, and lwm ends. */
const LOCALE_FILES = [
  "C/Compose",
  "C/XI18N_OBJS",
  "C/XLC_LOCALE",
  "compose.dir",
  "locale.alias",
  "locale.dir",
];

/** 10x20 has all boxes, blocks and braille; lwm wants a font of one byte for its titles. */
const FONT_FILES = ["10x20.pcf.gz", "6x13-ISO8859-1.pcf.gz"];

const FILES = [
  { package: "tigervnc-standalone-server", from: "bin/Xtigervnc", to: "usr/bin/Xtigervnc" },
  { package: "lwm", from: "bin/lwm", to: "usr/bin/lwm" },
  { package: "xterm", from: "bin/xterm", to: "usr/bin/xterm" },
  { package: "x11-xkb-utils", from: "bin/xkbcomp", to: "usr/bin/xkbcomp" },
  { package: "x11-xserver-utils", from: "bin/xrdb", to: "usr/bin/xrdb" },
  ...sharedFiles("xkb-data", "X11/xkb", KEYBOARD_FILES),
  ...sharedFiles("libx11-data", "X11/locale", LOCALE_FILES),
  ...sharedFiles("xfonts-base", "fonts/X11/misc", FONT_FILES),
];

/** A node that shows no desktop has no memory for its files. */
export const DESKTOP: Archive = {
  name: "desktop",
  packages: [
    ...["libx11-data", "lwm", "tigervnc-standalone-server", "x11-xkb-utils", "x11-xserver-utils"],
    ...["xfonts-base", "xkb-data", "xterm"],
  ],
  files: FILES,
  ownFiles: {
    "fonts.alias": "share/fonts/X11/misc/fonts.alias",
    "fonts.dir": "share/fonts/X11/misc/fonts.dir",
    resources: "resources",
    "session.sh": "session",
    "shell.sh": "shell",
  },
};

function sharedFiles(name: string, folder: string, paths: readonly string[]) {
  return paths.map((path) => ({
    package: name,
    from: `share/${folder}/${path}`,
    to: `usr/share/${folder}/${path}`,
  }));
}
