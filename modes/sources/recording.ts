/** A recorded cluster: a file of frames, one a second. */

import { readFileSync } from "node:fs";
import type { MovesReport } from "../../cluster/moves-report.ts";
import type { ClusterView } from "../../cluster/view.ts";
import { reason } from "../../system/log.ts";
import type { NodeStatus } from "../../system/state/node-status.ts";
import { type Frame, parseFrame } from "./frame.ts";
import type { Sample } from "./sample.ts";
import type { Source } from "./source.ts";

const NEWLINE = 0x0a;

/** Shows each frame for a second, and stays at the last one. */
export class Recording implements Source {
  readonly #bytes: Buffer;
  readonly #first: Frame;
  #frame: Frame | undefined;
  /** Offset of the next line. */
  #at = 0;

  /** @throws Error for a file that cannot be read or has no frame */
  constructor(path: string) {
    this.#bytes = readRecording(path);
    const first = this.#next();
    if (first === undefined)
      throw new Error(`Cannot show ${path}: no line of it is a frame, as clumpview --record prints them`);
    this.#first = first;
  }

  get origin(): string {
    const { length } = this.#bytes;
    return `recorded, ${this.#at < length ? `${Math.floor((100 * this.#at) / length)} %` : "its end"}`;
  }

  sample(): Promise<Sample> {
    this.#frame = this.#frame === undefined ? this.#first : (this.#next() ?? this.#frame);
    return Promise.resolve(this.#frame.sample);
  }

  status(): NodeStatus | undefined {
    return this.#frame?.status;
  }

  cluster(): ClusterView | undefined {
    return this.#frame?.cluster;
  }

  moves(): MovesReport | undefined {
    return this.#frame?.moves;
  }

  now(): number {
    return this.#frame?.now ?? Date.now();
  }

  close(): void {}

  /** The next frame of the file. Other lines are skipped: the file of a node that died ends within a line. */
  #next(): Frame | undefined {
    while (this.#at < this.#bytes.length) {
      const newline = this.#bytes.indexOf(NEWLINE, this.#at);
      const end = newline < 0 ? this.#bytes.length : newline;
      const frame = parseFrame(this.#bytes.toString("utf8", this.#at, end));
      this.#at = end + 1;
      if (frame) return frame;
    }
    return undefined;
  }
}

function readRecording(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`Cannot show ${path}: ${reason(error)}`);
  }
}
