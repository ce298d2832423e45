/** The status of this node as it changes. */

import { type FSWatcher, watch } from "node:fs";
import { type NodeStatus, readStatus, STATUS_FOLDER } from "./status.ts";

export class StatusWatch {
  readonly #root: string;
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #latest: NodeStatus | undefined;

  constructor(root: string, onChange: () => void) {
    this.#root = root;
    this.#onChange = onChange;
  }

  /** The newest status; it is read again only when it changed, or while its folder cannot be watched. */
  latest(): NodeStatus | undefined {
    if (this.#watcher === undefined) {
      this.#watcher = this.#watch();
      this.#latest = readStatus(this.#root);
    }
    return this.#latest;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#root + STATUS_FOLDER, () => {
        this.#latest = readStatus(this.#root);
        this.#onChange();
      });
      watcher.on("error", () => this.close());
      return watcher;
    } catch {
      return undefined;
    }
  }
}
