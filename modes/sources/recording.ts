/** A cluster as it was: a file of frames, one a second. */

import { readFileSync } from "node:fs";
import { type Frame, parseFrame } from "./frame.ts";
import type { Source } from "./source.ts";

const NEWLINE = 0x0a;

/** Shows each frame for a second, and the last one from then on. @throws Error where the file has no frame */
export function openRecording(path: string): Source {
  const bytes = readRecording(path);
  let frame: Frame | undefined;
  let at = 0;
  /** What is no frame is passed over: a file that a dying node wrote ends within a line. */
  const next = () => {
    while (at < bytes.length) {
      const end = bytes.indexOf(NEWLINE, at);
      const line = bytes.toString("utf8", at, end < 0 ? bytes.length : end);
      at = end < 0 ? bytes.length : end + 1;
      const found = parseFrame(line);
      if (found) return found;
    }
    return undefined;
  };
  const first = next();
  if (first === undefined)
    throw new Error(`Cannot show ${path}: no line of it is a frame, as clumpview --record prints them`);
  return {
    get origin() {
      return `recorded, ${at < bytes.length ? `${Math.floor((100 * at) / bytes.length)} %` : "its end"}`;
    },
    sample() {
      frame = frame === undefined ? first : (next() ?? frame);
      return Promise.resolve(frame.sample);
    },
    status: () => frame?.status,
    cluster: () => frame?.cluster,
    close: () => {},
  };
}

function readRecording(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`Cannot show ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
