/**
 * criu(8) writes the memory of a process early in a dump, in files of their own: they go to the other node while it writes
 * the rest.
 */

import { statSync } from "node:fs";
import { join } from "node:path";
import { treeOf } from "../../probes/processes/process.ts";
import { listOptional } from "../../system/files.ts";
import type { Passage } from "./passage.ts";

const PAGES = /^pages-\d+\.img$/;
/** Smaller ones go with the rest. */
const LEAST_BYTES = 2 ** 20;
/** The process stands still meanwhile. */
const LOOK_MILLISECONDS = 1;

export interface Dumping {
  readonly folder: string;
  /** The process that writes. */
  readonly criu: number;
  /** Of the announced process. */
  readonly passage: Passage;
}

export class PagesAhead {
  #isOver = false;
  #sending: Promise<void> = Promise.resolve();

  /** Hands pages over until the dump is over. */
  begin(dumping: Dumping): void {
    this.#sending = sendPages(dumping, () => this.#isOver);
    // done() tells.
    this.#sending.catch(() => {});
  }

  /** The dump is over. */
  end(): void {
    this.#isOver = true;
  }

  /** Resolves when nothing is under way. @throws Error where the other node hangs up, or criu has written on */
  async done(): Promise<void> {
    await this.#sending;
  }
}

async function sendPages({ folder, criu, passage }: Dumping, isOver: () => boolean): Promise<void> {
  const sent = new Map<string, number>();
  const size = (name: string) => statSync(join(folder, name)).size;
  while (!isOver()) {
    const whole = findWhole(folder, criu).find((name) => !sent.has(name));
    if (whole === undefined) await Bun.sleep(LOOK_MILLISECONDS);
    else {
      sent.set(whole, size(whole));
      await passage.sendAhead(folder, whole);
    }
  }
  for (const [name, bytes] of sent)
    if (size(name) !== bytes) throw new Error(`criu has written on in ${name}, which has been sent`);
}

/** Names of files of pages that criu, or a child of it, has written and closed: it opens each once. */
export function findWhole(folder: string, criu: number): string[] {
  const names = listOptional(folder).filter((name) => PAGES.test(name));
  // In this order: a file with bytes has been opened, and one that is not open any more has been closed.
  const written = names.flatMap((name) => {
    const file = statOptional(join(folder, name));
    return file !== undefined && file.size >= LEAST_BYTES ? [{ name, ino: file.ino }] : [];
  });
  if (written.length === 0) return [];
  const open = treeOf("", criu).flatMap((pid) =>
    listOptional(`/proc/${pid}/fd`).map((fd) => statOptional(`/proc/${pid}/fd/${fd}`)?.ino),
  );
  // Of a criu that has ended its exit status tells.
  return open.length === 0 ? [] : written.filter(({ ino }) => !open.includes(ino)).map(({ name }) => name);
}

function statOptional(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}
