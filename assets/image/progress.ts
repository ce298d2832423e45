/** Shows how far a build is: a bar on a terminal, a line a stage elsewhere. */

import type { Progress } from "./options.ts";

const BAR_WIDTH = 28;

export function createProgress(output: NodeJS.WriteStream): Progress {
  return output.isTTY ? bar(output) : lines(output);
}

/** Says nothing. */
export const silentProgress: Progress = { stage() {}, update() {}, note() {}, end() {} };

function lines(output: NodeJS.WriteStream): Progress {
  return {
    stage: (name) => void output.write(`${name}…\n`),
    update: () => {},
    note: (line) => void output.write(`${line}\n`),
    end: () => {},
  };
}

function bar(output: NodeJS.WriteStream): Progress {
  let current = "";
  const draw = (done: number) => {
    const full = Math.round(Math.min(Math.max(done, 0), 1) * BAR_WIDTH);
    const cells = "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
    output.write(`\r\x1b[K${cells} ${current}`);
  };
  return {
    stage(name) {
      current = name;
      draw(0);
    },
    update: draw,
    note: (line) => void output.write(`\r\x1b[K${line}\n`),
    end: () => void output.write("\r\x1b[K"),
  };
}
