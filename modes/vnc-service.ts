import type { Access } from "../system/state/access.ts";
import { PATHS } from "../system/state/paths.ts";
import type { Service } from "./service.ts";
import { shellCommand } from "./shell-service.ts";

/** Display :0 of VNC: 5900 and the number of the display; RFC 6143 names the first. */
export const VNC_PORT = 5900;

/** A viewer looks on: whatever it sends changes nothing. */
const LOOK_ONLY = ["KeyEvents", "PointerEvents", "CutText", "SetDesktopSize"];

/** The desktop, from the first viewer until a minute after the last. A shell is for those alone who gave a password. */
export function vncService({ password, vnc }: Access, locksShells: boolean): Service {
  const hasShell = password !== undefined && vnc === "full";
  return {
    name: "vnc",
    command: [
      "/usr/lib/clump/vnc",
      ...(password === undefined
        ? ["-SecurityTypes", "TLSNone,None"]
        : ["-SecurityTypes", "TLSVnc,VncAuth", "-PasswordFile", PATHS.vncPassword]),
      ...(vnc === "view" ? LOOK_ONLY.map((name) => `-Accept${name}=0`) : []),
    ],
    ...(hasShell && { environment: { CLUMP_SHELL: shellCommand(locksShells).join(" ") } }),
    listens: VNC_PORT,
    whenDone: "start again",
  };
}
