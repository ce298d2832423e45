/** What becomes / for guests: the tree of their home, as a folder of this node. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
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

/** What both nodes have where they run the same image: it is read-only. */
const OF_IMAGE = "/usr";

export class HomeViews {
  readonly #options: HomeViewsOptions;
  readonly #folder: string;
  readonly #underway = new Map<string, Promise<string>>();

  constructor(options: HomeViewsOptions) {
    this.#options = options;
    this.#folder = options.folder ?? FILE_PATHS.views;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** A folder whose tree is that home's. A view that is there already serves. @throws Error "Cannot see the files of …" */
  async rootFor(home: Home): Promise<string> {
    const underway = this.#underway.get(home.address) ?? this.#open(home);
    this.#underway.set(home.address, underway);
    try {
      return await underway;
    } finally {
      this.#underway.delete(home.address);
    }
  }

  /** That home is dead: whoever waits for its files gets an error at once. */
  forget(address: string): void {
    try {
      this.#options.kernel.unmount(this.#target(address), { lazy: true, force: true });
    } catch (error) {
      if (!failedWith(error, "EINVAL") && !failedWith(error, "ENOENT")) throw error;
    }
  }

  async #open({ address, image }: Home): Promise<string> {
    const target = this.#target(address);
    const state = await viewAt(target);
    if (state === "there") return target;
    if (state === "broken") this.forget(address);
    mkdirSync(target, { recursive: true, mode: 0o700 });
    const { reach, program, port } = this.#options;
    const isSameImage = image !== "" && image === this.#options.image;
    await openView({
      ...{ address: await reach.to(address), target, kind: "view", own: isSameImage ? [OF_IMAGE] : [] },
      ...present("program", program),
      ...present("port", port),
    });
    return target;
  }

  #target(address: string): string {
    return join(this.#folder, address);
  }
}
