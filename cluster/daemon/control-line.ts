/** One control connection: lines in, answers out, each closed by "ok" or "failed". */

import { timingSafeEqual } from "node:crypto";
import { TokenBucket } from "../../system/token-bucket.ts";
import { type ClusterKey, keyOf } from "../security/key.ts";
import type { Reply } from "./control-context.ts";
import { createTelnetFilter } from "./telnet-bytes.ts";

export const REPLY_ENDS = ["ok", "failed"] as const;

export interface LineOptions {
  /** Whether it comes from this machine. */
  readonly isLocal: boolean;
  readonly key: ClusterKey | undefined;
  /** Keys that may be tried, on all connections together. */
  readonly tries: TokenBucket;
  readonly answer: (line: string) => Reply;
  readonly send: (text: string) => void;
  /** The key was given. */
  readonly trusted?: () => void;
  readonly close: () => void;
  readonly now: () => number;
}

/** Bytes. */
const LONGEST_LINE = 512;
/** Lines in a second, and as many at once. */
const LINES = 50;
const TRIES = 3;
/** Keys that all who come from outside may try in a second. */
export const TRIES_A_SECOND = 5;
const TOO_MANY: Reply = { text: "Cannot try this key: too many were tried this second", code: 1 };
const NOT_THE_KEY: Reply = { text: "Cannot trust this connection: that is not the key", code: 1 };

/** A function that takes what a connection received, in pieces of any size; after `close()` it takes nothing more. */
export function createControlLine(options: LineOptions): (bytes: Uint8Array) => void {
  const { isLocal, key, tries, answer, send, now } = options;
  const bucket = new TokenBucket(LINES);
  const dataOf = createTelnetFilter();
  let isTrusted = isLocal;
  let isClosed = false;
  let wrong = 0;
  let pending = "";

  function take(line: string): void {
    const [verb, ...rest] = line.trim().split(" ");
    if (verb === "") return;
    if (verb === "quit" || verb === "exit") close();
    else if (verb === "auth") authenticate(rest.join(" "));
    else if (!isTrusted) reply({ text: "Cannot answer: say auth and the key of the cluster first", code: 1 });
    else reply(answer(line));
  }

  function authenticate(text: string): void {
    if (!isTrusted && !tries.takes(now())) {
      reply(TOO_MANY);
      return;
    }
    isTrusted ||= key !== undefined && timingSafeEqual(keyOf(text), key);
    if (isTrusted) options.trusted?.();
    reply(isTrusted ? { text: "", code: 0 } : NOT_THE_KEY);
    if (!isTrusted && ++wrong === TRIES) close();
  }

  function close(): void {
    isClosed = true;
    pending = "";
    options.close();
  }

  function reply({ text, code }: Reply): void {
    const lines = [...(text === "" ? [] : text.split("\n")), REPLY_ENDS[code === 0 ? 0 : 1]];
    send(lines.map((line) => `${line}\r\n`).join(""));
  }

  return (bytes) => {
    if (isClosed) return;
    pending += Buffer.from(dataOf(bytes)).toString("latin1");
    while (!isClosed) {
      const end = pending.indexOf("\n");
      if (end < 0) break;
      const line = pending.slice(0, end).replaceAll(/[\0\r]/g, "");
      pending = pending.slice(end + 1);
      if (line.length > LONGEST_LINE || !bucket.takes(now())) return close();
      // A character of UTF-8 may have come in two pieces: only the whole line is text.
      take(Buffer.from(line, "latin1").toString("utf8"));
    }
    if (pending.length > LONGEST_LINE) close();
  };
}
