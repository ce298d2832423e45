/** The password file of VNC servers, as vncpasswd(1) writes it. */

import { createCipheriv } from "node:crypto";
import { VNC_PASSWORD_LENGTH } from "../../system/state/access.ts";

/** The fixed key of all VNC servers: it hides the password from a glance, not from a reader of the file. */
const KEY = Buffer.from([23, 82, 107, 6, 35, 78, 88, 7]);

/** The eight bytes of the file: the first eight characters, padded with NUL, in DES. */
export function encodeVncPassword(password: string): Uint8Array {
  return createCipheriv("des-ecb", KEY.map(turnAround), null).setAutoPadding(false).update(padded(password));
}

/** The password as a key of DES, whose bytes VNC turns around: a viewer answers the challenge of a server with it. */
export function vncKey(password: string): Uint8Array {
  return padded(password).map(turnAround);
}

function padded(password: string): Buffer {
  const text = Buffer.alloc(VNC_PASSWORD_LENGTH);
  text.write(password, "latin1");
  return text;
}

function turnAround(byte: number): number {
  return Number.parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2);
}
