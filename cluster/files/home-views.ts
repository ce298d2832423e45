/** What becomes / for guests: the tree of their home, as a folder of this node. */

import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { listOptional } from "../../system/files.ts";
import type { Mounts } from "../../system/kernel/kernel.ts";
import { failedWith } from "../../system/kernel/syscall-error.ts";
import { present } from "../../system/optional.ts";
import { FILE_PATHS } from "./paths.ts";
import { openView, viewAt } from "./view.ts";

export interface Home {
  /** Its LAN address. */
  readonly address: string;
  /** The digest of its image, "" where that is not known. */
  readonly image: string;
}

export interface HomeViewsOptions {
  readonly reach: { to(address: string): Promise<string> };
  readonly kernel: Pick<Mounts, "unmount">;
  /** The digest of this node's image, "" where that is not known. */
  readonly image: string;
  /** The folder of the views, default that of the node. */
  readonly folder?: string;
  readonly program?: string;
  readonly port?: number;
}

interface Opening {
  readonly root: Promise<string>;
  readonly stop: AbortController;
}

/** What both nodes have where they run the same image: it is read-only. */
const OF_IMAGE = "/usr";

export class HomeViews {
  readonly #options: HomeViewsOptions;
  readonly #folder: string;
  readonly #underway = new Map<string, Opening>();

  constructor(options: HomeViewsOptions) {
    this.#options = options;
    this.#folder = options.folder ?? FILE_PATHS.views;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** A folder whose tree is that home's. A view that is there already serves. @throws Error "Cannot see the files of …" */
  async rootFor(home: Home): Promise<string> {
    const underway = this.#underway.get(home.address) ?? this.#begin(home);
    try {
      return await underway.root;
    } finally {
      if (this.#underway.get(home.address) === underway) this.#underway.delete(home.address);
    }
  }

  #begin(home: Home): Opening {
    const stop = new AbortController();
    const opening = { root: this.#open(home, stop.signal), stop };
    this.#underway.set(home.address, opening);
    return opening;
  }

  /** The homes whose files are here, or are about to be, by their LAN addresses. */
  get homes(): string[] {
    return [...new Set([...listOptional(this.#folder), ...this.#underway.keys()])];
  }

  /**
   * That home is dead: whoever waits for its files gets an error at once. Otherwise the first guest of a home that has
   * booted again would wait for what TCP said to the dead one, and says again after pauses that double.
   */
  forget(address: string): void {
    this.#underway.get(address)?.stop.abort();
    this.#underway.delete(address);
    this.#unmount(address);
    try {
      rmdirSync(this.#target(address));
    } catch (error) {
      // It was not there, or is mounted anew.
      if (!["ENOENT", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }

  #unmount(address: string): void {
    try {
      this.#options.kernel.unmount(this.#target(address), { lazy: true, force: true });
    } catch (error) {
      if (!failedWith(error, "EINVAL") && !failedWith(error, "ENOENT")) throw error;
    }
  }

  async #open({ address, image }: Home, signal: AbortSignal): Promise<string> {
    const target = this.#target(address);
    const state = await viewAt(target);
    if (state === "there") return target;
    if (state === "broken") this.#unmount(address);
    mkdirSync(target, { recursive: true, mode: 0o700 });
    const { reach, program, port } = this.#options;
    const isSameImage = image !== "" && image === this.#options.image;
    await openView({
      ...{
        address: await reach.to(address),
        target,
        kind: "view",
        own: isSameImage ? [OF_IMAGE] : [],
        signal,
      },
      ...present("program", program),
      ...present("port", port),
    });
    return target;
  }

  #target(address: string): string {
    return join(this.#folder, address);
  }
}
