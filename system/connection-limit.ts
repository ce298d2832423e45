/** How many connections a server holds at once, by where they come from. */

import type { Socket } from "node:net";

/** An address from outside has this part of the places at most. */
const SHARE = 4;
const LOOPBACK = "loopback";

type Connection = Pick<Socket, "remoteAddress" | "once">;

/** Connections from this machine have places of their own; one address from outside takes a quarter at most. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #outside = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there is a place for the connection, which keeps it until it is closed. */
  admits(connection: Connection): boolean {
    const isOwn = isLoopback(connection.remoteAddress);
    const from = isOwn ? LOOPBACK : (connection.remoteAddress ?? "");
    const count = this.#counts.get(from) ?? 0;
    const most = isOwn ? this.#most : this.#most / SHARE;
    if (count >= most || (!isOwn && this.#outside >= this.#most)) return false;
    this.#counts.set(from, count + 1);
    if (!isOwn) this.#outside++;
    connection.once("close", () => this.#release(from));
    return true;
  }

  #release(from: string): void {
    const count = (this.#counts.get(from) ?? 1) - 1;
    if (count === 0) this.#counts.delete(from);
    else this.#counts.set(from, count);
    if (from !== LOOPBACK) this.#outside--;
  }
}

/** Whether an address of a connection is one of the loopback, as the server of an IPv6 socket sees it, too. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}
