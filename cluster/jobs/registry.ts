/** Records that survive the daemon: a file for each job, removed when the job has ended. */

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listOptional, readOptional, replaceFile } from "../../system/files.ts";

export class Registry<T extends { readonly job: string }> {
  readonly #folder: string;
  readonly #records = new Map<string, T>();
  readonly #changed: (records: readonly T[]) => void;

  /**
   * Reads the records of an earlier daemon; a file that `parse` does not know is removed. `changed` gets the records now
   * and after each change.
   * @throws the error of the file system where the folder cannot be made
   */
  constructor(
    folder: string,
    parse: (text: string) => T | undefined,
    changed: (records: readonly T[]) => void = () => {},
  ) {
    this.#folder = folder;
    this.#changed = changed;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of listOptional(folder)) {
      const record = parse(readOptional(join(folder, name)) ?? "");
      if (record?.job === name) this.#records.set(name, record);
      else rmSync(join(folder, name), { recursive: true, force: true });
    }
    changed(this.all);
  }

  get all(): readonly T[] {
    return [...this.#records.values()];
  }

  get(job: string): T | undefined {
    return this.#records.get(job);
  }

  /** @throws the error of the file system; the record is kept in memory all the same */
  set(record: T): void {
    this.#records.set(record.job, record);
    replaceFile(join(this.#folder, record.job), JSON.stringify(record), 0o600);
    this.#changed(this.all);
  }

  delete(job: string): void {
    this.#records.delete(job);
    rmSync(join(this.#folder, job), { force: true });
    this.#changed(this.all);
  }
}
