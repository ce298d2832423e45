/** Who may come in: HTTP Basic authentication (RFC 7617), and a limit on guessing. */

import { createHash, timingSafeEqual } from "node:crypto";

/** What opens the door: a password, nothing at all, or nobody has said yet. */
export type Lock = { readonly password: string } | "open" | "unknown";

export type Verdict = "welcome" | "asked" | "wrong" | "hasty" | "closed";

/** Wrong passwords from one address in a minute; after them the right one has to wait too. */
const MOST_GUESSES = 5;
const MINUTE = 60_000;
/** Addresses whose guesses are remembered: no flood makes it larger. */
const MOST_GUESSERS = 256;

interface Guesses {
  readonly since: number;
  count: number;
}

export class Doorkeeper {
  readonly #lock: () => Lock;
  readonly #guessers = new Map<string, Guesses>();

  constructor(lock: () => Lock) {
    this.#lock = lock;
  }

  /** Judges the Authorization header of a request from an address; `now` is in milliseconds and never goes back. */
  judge(authorization: string | undefined, from: string, now: number): Verdict {
    const lock = this.#lock();
    if (lock === "open") return "welcome";
    if (lock === "unknown") return "closed";
    if (this.#isHasty(from, now)) return "hasty";
    // A browser asks without a password first; that is no guess.
    if (authorization === undefined) return "asked";
    const given = passwordOf(authorization);
    if (given !== undefined && isSame(given, lock.password)) return "welcome";
    this.#remember(from, now);
    return "wrong";
  }

  #isHasty(from: string, now: number): boolean {
    const guesses = this.#guessers.get(from);
    if (guesses === undefined) return false;
    if (now - guesses.since >= MINUTE) this.#guessers.delete(from);
    else return guesses.count >= MOST_GUESSES;
    return false;
  }

  #remember(from: string, now: number): void {
    const guesses = this.#guessers.get(from);
    if (guesses !== undefined) {
      guesses.count++;
      return;
    }
    const [oldest] = this.#guessers.keys();
    if (this.#guessers.size >= MOST_GUESSERS && oldest !== undefined) this.#guessers.delete(oldest);
    this.#guessers.set(from, { since: now, count: 1 });
  }
}

/** The password of a Basic header, whatever the user's name; nothing where it is no such header. */
function passwordOf(authorization: string): string | undefined {
  const coded = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1];
  if (coded === undefined) return undefined;
  const pair = Buffer.from(coded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

/** Takes the same time however much of it is right. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
