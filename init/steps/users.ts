import { appendFileSync, readFileSync } from "node:fs";
import type { User } from "../options/user.ts";

/** Adds users to /etc/passwd, each with a group of its own name unless its group has one. @throws the error of the file system */
export function addUsers(root: string, users: readonly User[]): void {
  for (const { name, uid, gid, rest } of users) {
    addLine(`${root}/etc/passwd`, name, `${name}:x:${uid}:${gid}:${rest}`);
    if (!new RegExp(`^[^:]*:[^:]*:${gid}:`, "m").test(readFileSync(`${root}/etc/group`, "utf8")))
      addLine(`${root}/etc/group`, name, `${name}:x:${gid}:`);
  }
}

/** Of two lines for one name programs read the first: a name that is there stays what it is. */
function addLine(path: string, name: string, line: string): void {
  const isThere = readFileSync(path, "utf8")
    .split("\n")
    .some((other) => other.startsWith(`${name}:`));
  if (!isThere) appendFileSync(path, `${line}\n`);
}
