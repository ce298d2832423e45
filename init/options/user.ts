/** The option `clump.users`: people whose processes run on a node, such as those of Slurm's jobs. */

/** A line of passwd(5), without a password: nobody logs in by it. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** "Alice, /home/alice and /bin/sh" with colons between them, as passwd(5) has the last three fields. */
  readonly rest: string;
}

export const USER_WANTED =
  "a line of passwd(5) for a user other than root, as alice:x:1000:1000:Alice:/home/alice:/bin/sh";

const NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
const NUMBER = /^[1-9]\d{0,8}$/;

/** Parses one line; undefined for a value that is no such line, and for root's number. */
export function parseUser(value: string): User | undefined {
  const [name = "", , uid = "", gid = "", comment, home = "", shell, ...more] = value.split(":");
  if (shell === undefined || more.length > 0 || !home.startsWith("/")) return undefined;
  if (!NAME.test(name) || ![uid, gid].every((number) => NUMBER.test(number))) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), rest: [comment, home, shell].join(":") };
}
