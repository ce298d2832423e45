/**
 * Readiness as s6 has it: a daemon writes a newline to a descriptor of its own when it is ready to serve. Where systemd runs
 * the daemon, it tells systemd.
 */

import { closeSync, writeSync } from "node:fs";
import { reason } from "./log.ts";
import { runTool } from "./tool.ts";

const NEWLINE = 10;
const NOTIFY_MILLISECONDS = 10_000;

/** The side of the supervisor: whether there was a newline among what the daemon wrote before it closed its end. */
export async function hearsReady(bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const piece of bytes) if (piece.includes(NEWLINE)) return true;
  return false;
}

/** The side of the daemon: reports on the descriptor, and closes it. @throws Error that names the descriptor */
export function reportReady(descriptor: number): void {
  try {
    writeSync(descriptor, "\n");
    closeSync(descriptor);
  } catch (error) {
    throw new Error(`Cannot report on descriptor ${descriptor} that this daemon is ready: ${reason(error)}`);
  }
}

/** The descriptor that an option --ready-fd names; `undefined` for what is none above 2. */
export function parseReadyDescriptor(text: string): number | undefined {
  return /^([3-9]|\d{2,4})$/.test(text) ? Number(text) : undefined;
}

/** The same for a program whose other options are read already. @throws RangeError */
export function readReadyDescriptor(text: string | undefined): number | undefined {
  const descriptor = parseReadyDescriptor(text ?? "");
  if (text === undefined || descriptor !== undefined) return descriptor;
  throw new RangeError(`Cannot use --ready-fd "${text}": ${READY_WANTED} was wanted`);
}

/** What that option wants. */
export const READY_WANTED = "an open descriptor above 2";

/** Type=notify of systemd.service(5): the services that need this one start after this. @throws Error with its words */
export async function reportToSystemd(): Promise<void> {
  if (process.env["NOTIFY_SOCKET"] === undefined) return;
  const { ok, complaint } = await runTool(["/usr/bin/systemd-notify", "--ready"], NOTIFY_MILLISECONDS);
  if (!ok) throw new Error(`Cannot report to systemd: ${complaint}`);
}
