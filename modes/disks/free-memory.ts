import { readOptional } from "../../system/files.ts";

const MEGABYTE = 2 ** 20;

/** @throws Error where so many bytes are not available: the OOM killer would end processes for them */
export function wantMemory(root: string, bytes: number): void {
  const [, kilobytes] = /^MemAvailable: +(\d+) kB$/m.exec(readOptional(`${root}/proc/meminfo`) ?? "") ?? [];
  if (kilobytes === undefined || !(bytes > 1_024 * Number(kilobytes))) return;
  const free = toMegabytes(1_024 * Number(kilobytes));
  throw new Error(`${free} MB of memory are free, and ${toMegabytes(bytes)} were wanted`);
}

/** Rounded up. */
export function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / MEGABYTE);
}
