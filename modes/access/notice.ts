/** What the node's own screen says of those who may look at the node from outside; no other screen says it. */

import type { Access } from "../../system/state/access.ts";
import { COLOUR } from "../terminal/canvas.ts";

export interface Notice {
  readonly text: string;
  readonly colour: number;
}

/** Absent where it is nothing but what people have asked for themselves. */
export function describeAccess(access: Access | undefined): Notice | undefined {
  if (access === undefined) return undefined;
  if (access.vnc === undefined)
    return access.isMade ? { text: `password ${access.password}`, colour: COLOUR.yellow } : undefined;
  const what = access.vnc === "view" ? "VNC to look on" : "VNC";
  if (access.password === undefined) return { text: `${what} WITHOUT PASSWORD`, colour: COLOUR.rose };
  const password = access.isMade ? `password ${access.password}` : "with password";
  return { text: `${what} ${password}`, colour: COLOUR.yellow };
}
