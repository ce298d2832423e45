/** The notice on viewers from outside, for the node's own screen alone, because it may show the password. */

import type { Access } from "../../system/state/access.ts";
import { COLOUR } from "../terminal/canvas.ts";

export interface Notice {
  readonly text: string;
  readonly colour: number;
  /** The password that the node has made, for VNC and the web view. */
  readonly password?: string;
}

/** Undefined where the user chose everything himself. */
export function describeAccess(access: Access | undefined): Notice | undefined {
  if (access === undefined) return undefined;
  const made = access.isMade && access.password !== undefined ? { password: access.password } : {};
  if (access.vnc === undefined)
    return access.isMade
      ? { text: `password ${access.password}`, colour: COLOUR.yellow, ...made }
      : undefined;
  const what = access.vnc === "view" ? "VNC to look on" : "VNC";
  if (access.password === undefined) return { text: `${what} WITHOUT PASSWORD`, colour: COLOUR.rose };
  const password = access.isMade ? `password ${access.password}` : "with password";
  return { text: `${what} ${password}`, colour: COLOUR.yellow, ...made };
}
