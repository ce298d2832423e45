/** What a home node tells another of a process that is to run there: one line of JSON before its images. */

import { parseAddress } from "../../system/address/ipv4.ts";
import type { Relay } from "./examination/relays.ts";
import { type History, isHistory } from "./history.ts";
import { isResumption } from "./parking.ts";

export interface GuestOrder {
  /** Names job and link; whoever knows it speaks for the job. Letters, digits and dots. */
  readonly job: string;
  /** As home calls them. */
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly name: string;
  readonly hostname: string;
  /** What names the image that its home runs; "" where that is none of ours. */
  readonly image: string;
  /** The descriptor of the terminal. */
  readonly terminal?: number;
  readonly relays: readonly Relay[];
  /** How often its home has started it again from its image; absent: never. */
  readonly starts?: number;
  /** The LAN address of its home, where another node than its home sends it. */
  readonly home?: string;
  /** What its last supervisor has written for the next, parking.ts. */
  readonly resumption?: readonly string[];
  /** Absent where a person has chosen the node: such a guest does not go on by itself. */
  readonly history?: History;
}

const MOST_RELAYS = 64;
const MOST_STARTS = 9_999;

export function formatOrder(order: GuestOrder): string {
  return JSON.stringify(order);
}

/** @throws RangeError that says what is wrong with it */
export function parseOrder(line: string): GuestOrder {
  const order = parseJson(line);
  const isNumber = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;
  const numbers = ["pid", "parent", "group", "session"].every((name) => isNumber(order[name], 0));
  if (!numbers || Number(order["pid"]) < 2) throw unusable("its numbers of processes");
  if (!/^[\w.]{1,90}$/.test(String(order["job"]))) throw unusable("its name");
  if (typeof order["name"] !== "string" || !/^[\w.-]{1,64}$/.test(String(order["hostname"])))
    throw unusable("its host");
  if (!/^\w{0,64}$/.test(String(order["image"]))) throw unusable("its image");
  if (order["terminal"] !== undefined && !isNumber(order["terminal"], 0)) throw unusable("its terminal");
  const { relays, starts = 0 } = order;
  if (!isNumber(starts, 0) || (starts as number) > MOST_STARTS) throw unusable("its number of starts");
  if (!Array.isArray(relays) || relays.length > MOST_RELAYS || !relays.every(isRelay))
    throw unusable("its descriptors");
  const { home, resumption = [] } = order;
  if (home !== undefined && parseAddress(String(home)) === undefined) throw unusable("its home");
  const isResumed = Array.isArray(resumption) && resumption.length <= MOST_RELAYS + 2;
  if (!isResumed || !resumption.every((word) => isResumption(String(word)))) throw unusable("its link");
  if (order["history"] !== undefined && !isHistory(order["history"])) throw unusable("its history");
  return order as unknown as GuestOrder;
}

/** The home that an order names; `undefined` where the order names none, or is none. */
export function readHome(line: string): string | undefined {
  try {
    return parseOrder(line).home;
  } catch {
    return undefined;
  }
}

function isRelay(value: unknown): boolean {
  const { fd, mode, key } = (value ?? {}) as Record<string, unknown>;
  const isFd = Number.isInteger(fd) && (fd as number) >= 0 && (fd as number) < 256;
  return isFd && (mode === "r" || mode === "w") && typeof key === "string" && /^[^\n\0]{1,140}$/.test(key);
}

function parseJson(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw unusable("its form");
}

function unusable(what: string): RangeError {
  return new RangeError(
    `Cannot take a guest: ${what} cannot be read, and an order of this release was wanted`,
  );
}
