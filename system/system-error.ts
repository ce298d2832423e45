/** Errors of system calls in words for a screen: what the runtime says is for its developers. */

/** Words of strerror(3) for errors of sockets, whose messages hold nothing but a code. */
const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EHOSTUNREACH: "no route to host",
  EISDIR: "is a directory",
  ENETUNREACH: "network is unreachable",
  ENOTFOUND: "unknown host",
  ENOENT: "no such file or directory",
  ETIMEDOUT: "connection timed out",
};

/** "ENOENT: no such file or directory, open '/x'" as "no such file or directory (/x)"; other messages as they are. */
export function plainMessage(message: string): string {
  const file = /^(E[A-Z0-9]+): (.+?), \w+(?: '(.*?)'(?: -> '.*')?)?$/.exec(message);
  if (file) {
    const [, code = "", text = "", path] = file;
    const meaning = MEANINGS[code] ?? text;
    return path === undefined ? meaning : `${meaning} (${path})`;
  }
  const socket = /^[a-z]+ (E[A-Z]+)(?::.*?)?(?: (\S+))?$/.exec(message);
  const [, code = "", place = ""] = socket ?? [];
  const meaning = MEANINGS[code];
  if (meaning === undefined) return message;
  return place === "" ? meaning : `${meaning} (${place})`;
}

/** The words of strerror(3) for an error of a system call, in the case of perror(3); nothing for another error. */
export function errnoText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const text = MEANINGS[String(error.code)] ?? /^E[A-Z0-9]+: (.+?), \w+/.exec(error.message)?.[1];
  return text && text.charAt(0).toUpperCase() + text.slice(1);
}
