/** HTTP Basic authentication (RFC 7617) with a limit on wrong passwords. */

import { createHash, timingSafeEqual } from "node:crypto";

/** The password of the node, "open" for a node that wants none, "unknown" while none is known. */
export type Lock = { readonly password: string } | "open" | "unknown";

/** The outcome of a check: let in, ask for a password, wrong password, too many wrong ones, no password known yet. */
export type Verdict = "granted" | "challenged" | "denied" | "limited" | "unavailable";

/** Wrong passwords that one address may send in a minute; after these even the right password has to wait. */
const MOST_FAILURES = 5;
const MINUTE = 60_000;
/** Addresses whose failures are remembered, so that a flood of addresses cannot fill the memory. */
const MOST_ADDRESSES = 256;

interface Failures {
  readonly since: number;
  count: number;
}

export class BasicAuth {
  readonly #lock: () => Lock;
  readonly #failures = new Map<string, Failures>();

  /** `lock` is read at every check, because the password may change while the server runs. */
  constructor(lock: () => Lock) {
    this.#lock = lock;
  }

  /** Checks the Authorization header of a request from an address; `now` is monotonic, in milliseconds. */
  check(authorization: string | undefined, address: string, now: number): Verdict {
    const lock = this.#lock();
    if (lock === "open") return "granted";
    if (lock === "unknown") return "unavailable";
    if (this.#isLimited(address, now)) return "limited";
    // A browser's first request has no password; that is no failure.
    if (authorization === undefined) return "challenged";
    const given = passwordOf(authorization);
    if (given !== undefined && isSame(given, lock.password)) return "granted";
    this.#count(address, now);
    return "denied";
  }

  #isLimited(address: string, now: number): boolean {
    const failures = this.#failures.get(address);
    if (failures === undefined) return false;
    if (now - failures.since < MINUTE) return failures.count >= MOST_FAILURES;
    this.#failures.delete(address);
    return false;
  }

  #count(address: string, now: number): void {
    const failures = this.#failures.get(address);
    if (failures !== undefined) {
      failures.count++;
      return;
    }
    const [oldest] = this.#failures.keys();
    if (this.#failures.size >= MOST_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
    this.#failures.set(address, { since: now, count: 1 });
  }
}

/** The password of a Basic header, under any user name; undefined for another scheme or a malformed header. */
function passwordOf(authorization: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

/** Compares in constant time, so that the time of an answer tells nothing about the password. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
