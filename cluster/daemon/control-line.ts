/** One control connection: lines in, answers out, each closed by "ok" or "failed". */

import { timingSafeEqual } from "node:crypto";
import { TokenBucket } from "../../system/token-bucket.ts";
import { type ClusterKey, keyOf } from "../security/key.ts";
import { createNonce, isNonce } from "../security/mutual-proof.ts";
import type { Reply } from "./control-context.ts";
import { ControlProof } from "./control-proof.ts";
import { TelnetFilter } from "./telnet-bytes.ts";

export const REPLY_ENDS = ["ok", "failed"] as const;

export interface LineOptions {
  /** Whether the connection comes from this machine. */
  readonly isLocal: boolean;
  readonly key: ClusterKey | undefined;
  /** Keys that may be tried, on all connections together. */
  readonly tries: TokenBucket;
  readonly answer: (line: string) => Reply;
  readonly send: (text: string) => void;
  /** The other end has proved the key. */
  readonly trusted?: () => void;
  readonly close: () => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Bytes. */
const LONGEST_LINE = 512;
/** Lines a second, and as many at once. */
const LINES = 50;
const TRIES = 3;
/** Keys that all connections together may try in a second. */
export const TRIES_A_SECOND = 5;

const ELSEWHERE = "use clumpview --host ADDRESS --key FILE, or telnet on the node itself";
const UNPROVED = refuse(`Cannot answer: a connection from outside must prove the cluster key; ${ELSEWHERE}`);
const CLEAR_TEXT = refuse(`Cannot take the key: it crosses the network in clear text here; ${ELSEWHERE}`);
const NO_KEY = refuse("Cannot check a key: this cluster has none, and clump.key= on its nodes was wanted");
const KEYLESS = refuse(
  "Cannot answer: from outside the cluster key was wanted, and this cluster has none (clump.key=); use telnet on the node itself",
);
const NOT_THE_KEY = refuse("Cannot trust this connection: that is not the key");
const TOO_MANY = refuse("Cannot try this key: too many were tried this second");
const NO_NONCE = refuse("Cannot use this nonce: 32 hexadecimal digits were wanted");
const NOT_ASKED = refuse("Cannot use this proof: prove was wanted first");

function refuse(text: string): Reply {
  return { text, code: 1 };
}

export class ControlLine {
  readonly #options: LineOptions;
  readonly #lines = new TokenBucket(LINES);
  readonly #telnet = new TelnetFilter();
  /** Both nonces, once the other end has sent its own. */
  #proof: ControlProof | undefined;
  /** Once the proof was good, each line and each answer is sealed. */
  #seal: ControlProof | undefined;
  #isClosed = false;
  #wrong = 0;
  #pending = "";

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Takes bytes in pieces of any size; takes nothing more once the connection is closed. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#pending += Buffer.from(this.#telnet.filter(bytes)).toString("latin1");
    while (!this.#isClosed) {
      const end = this.#pending.indexOf("\n");
      if (end < 0) break;
      const line = this.#pending.slice(0, end).replaceAll(/[\0\r]/g, "");
      this.#pending = this.#pending.slice(end + 1);
      // A character of UTF-8 may have come in two pieces: only the whole line is text.
      const text = Buffer.from(line, "latin1").toString("utf8");
      if (line.length > LONGEST_LINE || !this.#lines.takes(this.#options.now())) this.#close();
      else if (this.#seal) this.#takeSealed(text, this.#seal);
      else this.#take(text);
    }
    if (this.#pending.length > LONGEST_LINE) this.#close();
  }

  #takeSealed(received: string, seal: ControlProof): void {
    const line = seal.openLine(received);
    // Without a line of the client, a machine between both ends has changed, added or repeated a line.
    if (line === undefined || isEnd(line)) this.#close();
    else this.#send(seal.sealReply(this.#options.answer(line)));
  }

  #take(line: string): void {
    const [verb = "", ...rest] = line.trim().split(" ");
    if (isEnd(verb)) this.#close();
    else if (verb !== "") this.#send(this.#answer(line, verb, rest.join(" ")));
    if (this.#wrong >= TRIES) this.#close();
  }

  #answer(line: string, verb: string, argument: string): Reply {
    if (verb === "prove") return this.#challenge(argument);
    if (verb === "proof") return this.#check(argument);
    if (verb === "auth") return this.#authenticate(argument);
    if (this.#options.isLocal) return this.#options.answer(line);
    return this.#options.key === undefined ? KEYLESS : UNPROVED;
  }

  #challenge(client: string): Reply {
    const { key } = this.#options;
    if (key === undefined) return NO_KEY;
    if (!isNonce(client)) return NO_NONCE;
    const server = createNonce();
    this.#proof = new ControlProof(key, { client, server });
    return { text: server, code: 0 };
  }

  /** A nonce is good for one proof. */
  #check(text: string): Reply {
    const proof = this.#proof;
    this.#proof = undefined;
    if (proof === undefined) return NOT_ASKED;
    const refusal = this.#tryKey(() => proof.proves("client", text));
    if (refusal) return refusal;
    this.#seal = proof;
    this.#options.trusted?.();
    return { text: proof.of("server"), code: 0 };
  }

  /** For a person at telnet on the node itself, which answers without the key too. */
  #authenticate(text: string): Reply {
    const { isLocal, key } = this.#options;
    if (!isLocal) return CLEAR_TEXT;
    if (key === undefined) return NO_KEY;
    return this.#tryKey(() => timingSafeEqual(keyOf(text), key)) ?? { text: "", code: 0 };
  }

  /** Why a key is refused, or nothing where it is right. */
  #tryKey(isRight: () => boolean): Reply | undefined {
    const { tries, now } = this.#options;
    if (!tries.takes(now())) return TOO_MANY;
    if (isRight()) return undefined;
    this.#wrong++;
    return NOT_THE_KEY;
  }

  #close(): void {
    this.#isClosed = true;
    this.#pending = "";
    this.#options.close();
  }

  #send({ text, code }: Reply): void {
    const lines = [...(text === "" ? [] : text.split("\n")), REPLY_ENDS[code === 0 ? 0 : 1]];
    this.#options.send(lines.map((line) => `${line}\r\n`).join(""));
  }
}

function isEnd(line: string): boolean {
  return line === "quit" || line === "exit";
}
