/** Watches the status of this node and its view of the cluster. */

import { type FSWatcher, watch } from "node:fs";
import { basename } from "node:path";
import { type ClusterView, readView } from "../../cluster/view.ts";
import { viewAsOf } from "../../cluster/view-age.ts";
import { type NodeStatus, readStatus } from "../../system/state/node-status.ts";
import { PATHS, RUN_FOLDER } from "../../system/state/paths.ts";
import { uptime } from "../../system/uptime.ts";

/** A new view, which comes every second, is read only when a caller asks. */
const VIEW_NAME = basename(PATHS.view);

export class StatusWatch {
  readonly #root: string;
  readonly #onChange: () => void;
  #watcher: FSWatcher | undefined;
  #latest: NodeStatus | undefined;
  #cluster: ClusterView | undefined;
  #isClusterStale = true;

  constructor(root: string, onChange: () => void) {
    this.#root = root;
    this.#onChange = onChange;
  }

  /** The newest status; the file is read only after a change, or while its folder cannot be watched. */
  latest(): NodeStatus | undefined {
    if (this.#watcher === undefined) {
      this.#watcher = this.#watch();
      this.#latest = readStatus(this.#root);
    }
    return this.#latest;
  }

  /** The newest view of the cluster as it holds now; clumpd writes it every second, so a change calls nobody. */
  cluster(): ClusterView | undefined {
    if (this.#isClusterStale || this.#watcher === undefined) this.#cluster = readView(this.#root);
    this.#isClusterStale = false;
    return this.#cluster && viewAsOf(this.#cluster, uptime());
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#root + RUN_FOLDER, (_, name) => {
        if (name?.startsWith(VIEW_NAME)) {
          this.#isClusterStale = true;
          return;
        }
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
