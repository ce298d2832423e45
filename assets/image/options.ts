/** What a build is asked for, and what it found. */

import type { TreeReport } from "./tree.ts";

export interface ImageOptions {
  /** Where the finished files go. */
  readonly out: string;
  /** Without firmware that is not free. */
  readonly free?: boolean;
  /** A suite beside the machine's own, as "bookworm-backports". */
  readonly suite?: string | undefined;
  /** Packs quickly, for development: the image is larger. */
  readonly fast?: boolean;
  /** When to look for newer packages; "when unknown" takes the versions of the last build. */
  readonly update?: "now" | "daily" | "when unknown";
  /** Does every stage again, even those whose results the cache has. */
  readonly anew?: boolean;
  /** An executable to put in instead of ours. */
  readonly program?: string;
  readonly progress: Progress;
}

/** Hears how far the build is. */
export interface Progress {
  /** A stage begins; its name says what is being done. */
  stage(name: string): void;
  /** 0 to 1 of the stage. */
  update(done: number): void;
  /** Something a person should know, on a line of its own. */
  note(line: string): void;
  /** All is done, or failed. */
  end(): void;
}

export interface ImageReport {
  readonly out: string;
  readonly tree: TreeReport;
  /** In the order to print; a part is of what was packed into the one before. */
  readonly sizes: readonly { readonly name: string; readonly bytes: number; readonly part: boolean }[];
  readonly milliseconds: number;
}
