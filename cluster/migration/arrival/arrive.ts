/** Takes one guest: its order and images, a supervisor that restores it, and then the word of its home. */

import { closeSync, mkdirSync, mkdtempSync, openSync, writeSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { reason } from "../../../system/log.ts";
import { refuse } from "../../links/refuse.ts";
import type { ByteReader } from "../byte-reader.ts";
import { type GuestOrder, parseOrder } from "../order.ts";
import { STILL, STILL_MILLISECONDS } from "../patience.ts";
import type { Arrival } from "./arrival.ts";
import { Guest } from "./guest.ts";
import { linkCopies } from "./link-copies.ts";
import { Supervisor } from "./supervisor.ts";

const MOST_FILE_BYTES = 2 ** 40;

/**
 * Resolves with the folder of the guest that has been taken, or has not. Never throws: what fails is said to the home node,
 * where the process goes on.
 */
export async function takeGuest(
  socket: Socket,
  reader: ByteReader,
  firstLine: string,
  arrival: Arrival,
): Promise<string> {
  let guest: Guest | undefined;
  const still = setInterval(() => socket.writable && socket.write(`${STILL}\n`), STILL_MILLISECONDS);
  try {
    const order = parseOrder(firstLine);
    // A guest may come back within the time that it takes to tidy up behind it.
    const folder = mkdtempSync(join(arrival.folder, `${order.job}-`));
    guest = new Guest(order, { arrival, folder });
    guest.begin();
    await receive(reader, guest, folder);
    await guest.restore();
    arrival.reached?.(order, "waits");
    socket.write("ready\n");
    if (await mayRun(reader, order, arrival)) {
      guest.letGo();
      socket.write("runs\n");
      clearInterval(still);
      await guest.resumed();
    } else guest.refuse();
  } catch (error) {
    guest?.refuse();
    refuse(socket, reason(error));
  } finally {
    clearInterval(still);
    guest?.tidy();
    socket.end();
  }
  return guest?.folder ?? "";
}

/**
 * Lets a guest run whose home wishes that, and that an earlier daemon has taken, below the supervisor `pid`. Resolves
 * when it runs, or is lost. Never throws.
 */
export async function resumeGuest(
  order: GuestOrder,
  {
    folder,
    pid,
    isAlive,
  }: { readonly folder: string; readonly pid: number; readonly isAlive: () => boolean },
  arrival: Arrival,
): Promise<void> {
  const guest = new Guest(order, { arrival, folder, supervisor: Supervisor.adopt(pid, isAlive) });
  try {
    guest.letGo();
    await guest.resumed();
  } catch {
    guest.refuse();
  } finally {
    guest.tidy();
  }
}

/** Without a word the original may be a deputy already, or run on: neither is to be guessed. */
async function mayRun(reader: ByteReader, order: GuestOrder, arrival: Arrival): Promise<boolean> {
  let word: string;
  try {
    word = await reader.line();
  } catch {
    return (await arrival.mayRun?.(order)) ?? false;
  }
  return word === "go";
}

async function receive(reader: ByteReader, guest: Guest, folder: string): Promise<void> {
  for (;;) {
    const line = await reader.line();
    if (line === "end") return linkCopies(folder);
    if (line.startsWith("order ")) guest.renew(parseOrder(line.slice("order ".length)));
    else await receiveFile(line, reader, folder);
  }
}

async function receiveFile(line: string, reader: ByteReader, folder: string): Promise<void> {
  const [, name, size] = /^file ((?:copy-\d\/)?\w[\w.-]*) (\d+)$/.exec(line) ?? [];
  if (name === undefined || Number(size) > MOST_FILE_BYTES)
    throw new Error(
      `Cannot take an image: its line is "${line.slice(0, 80)}", and "file NAME BYTES" was wanted`,
    );
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "wx", 0o600);
  try {
    await reader.bytes(Number(size), (piece) => {
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    });
  } finally {
    closeSync(file);
  }
}
