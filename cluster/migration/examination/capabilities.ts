/**
 * What a guest may do on its node, capabilities(7). A process of root has all capabilities at home. As a guest it has
 * only those that concern its own processes and files: it can neither mount, nor load modules, nor set the clock, nor
 * make devices, nor change the network. criu(8) makes a process with the capabilities of its image, so the images are
 * changed when they arrive. At home a process gets back what it had.
 */

import { join } from "node:path";
import { listOptional } from "../../../system/files.ts";
import { type Change, changeImage, type Field, within } from "../images/image.ts";

/**
 * CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, IPC_LOCK, IPC_OWNER, SYS_CHROOT and AUDIT_WRITE
 * (without which su(1) fails).
 */
const OF_GUESTS = [0, 1, 3, 4, 5, 6, 7, 8, 14, 15, 18, 29].reduce(
  (set, bit) => set | (1n << BigInt(bit)),
  0n,
);

/** creds_entry.cap_inh to cap_bnd: each has two words of 32 bits, the lower one first. */
const SETS = [9, 10, 11, 12];
/** core_entry.thread_core, and its creds. */
const THREAD = 5;
const CREDENTIALS = 10;

/** Takes from each thread in a folder of images what a guest may not. @throws RangeError where an image is none */
export function limitCapabilities(folder: string): void {
  changeThreads(folder, (set) => set & OF_GUESTS);
}

/**
 * Gives back at home: a set that still has all that a guest may have gets all of `full`, the capabilities of this node.
 * @throws RangeError where an image is none
 */
export function restoreCapabilities(folder: string, full: bigint): void {
  changeThreads(folder, (set) => ((set & OF_GUESTS) === (full & OF_GUESTS) ? set | full : set));
}

/** Why a process with that set could not get it back; `undefined` where it could. */
export function findLimit(set: bigint, full: bigint): string | undefined {
  const isWhole = (set & OF_GUESTS) === (full & OF_GUESTS);
  const isKept = isWhole ? (set & full) === full : (set & ~OF_GUESTS & full) === 0n;
  return isKept ? undefined : "has some capabilities of root and lacks others";
}

function changeThreads(folder: string, change: (set: bigint) => bigint): void {
  const credentials: Change = (fields) => {
    const sets = SETS.flatMap((number) => wordsOf(number, change(joinWords(fields, number))));
    return [...fields.filter(({ number }) => !SETS.includes(number)), ...sets];
  };
  for (const name of listOptional(folder))
    if (/^core-\d+\.img$/.test(name))
      changeImage(join(folder, name), within(THREAD, within(CREDENTIALS, credentials)));
}

function joinWords(fields: readonly Field[], number: number): bigint {
  const words = fields.flatMap((field) =>
    field.number === number && typeof field.value === "bigint" ? [field.value] : [],
  );
  return words.reduce((set, word, index) => set | (word << BigInt(32 * index)), 0n);
}

function wordsOf(number: number, set: bigint): Field[] {
  return [set & 0xffff_ffffn, set >> 32n].map((value) => ({ number, wire: 0, value }));
}
