/** Who may look at this node from another machine: one password, for VNC and for whatever else shows the node. */

import { readOptional, replaceFile } from "../files.ts";
import { PATHS } from "./paths.ts";

/** What `clump.vnc.password=` takes for none, as clump/os had it. */
export const NO_PASSWORD = "none";

/** VncAuth takes no more of a password; RFC 6143, section 7.2.2. */
export const VNC_PASSWORD_LENGTH = 8;

/** Letters and digits that look like no other on any screen. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

/** Viewers of VNC may do all they can, or look on. */
export type VncUse = "full" | "view";

export interface Access {
  /** Absent where everybody may in. */
  readonly password?: string;
  /** The node made it itself, so its own screen has to show it. */
  readonly isMade: boolean;
  /** Absent where VNC is not for this node. */
  readonly vnc?: VncUse;
}

/** The access that a person asked for, or a password made of `random`, which gives whole numbers below its argument. */
export function chooseAccess(given: string | undefined, random: (below: number) => number): Access {
  if (given === NO_PASSWORD) return { isMade: false };
  if (given !== undefined) return { password: given, isMade: false };
  const letters = Array.from({ length: VNC_PASSWORD_LENGTH }, () => ALPHABET[random(ALPHABET.length)]!);
  return { password: letters.join(""), isMade: true };
}

/** @throws the error of the file system */
export function writeAccess(root: string, access: Access): void {
  replaceFile(root + PATHS.access, JSON.stringify(access), 0o600);
}

/** The access to the node below `root`; absent where there is none from outside, or who asks may not know. */
export function readAccess(root: string): Access | undefined {
  const text = readOptional(root + PATHS.access);
  return text === undefined ? undefined : (JSON.parse(text) as Access);
}
