/** What the page shows, and how it comes to know it. */

import { History } from "./history.ts";
import { createSampler, NO_SAMPLE, type Sample } from "./sample.ts";
import { StatusWatch } from "./status-watch.ts";
import { memoryShare, type ViewState } from "./view.ts";

/** The widest graph there is. */
const REMEMBERED = 512;

export interface Page {
  /** Takes one more reading of this machine. */
  sample(): Promise<void>;
  state(): ViewState;
  /** Moves the table of nodes by so many lines. */
  scroll(lines: number): void;
  close(): void;
}

/** The page of the node below `root`; `onChange` is called when its status changed. */
export function createPage(root: string, footer: string, onChange: () => void): Page {
  const take = createSampler(root);
  const status = new StatusWatch(root, onChange);
  const loads = new History(REMEMBERED);
  const memories = new History(REMEMBERED);
  let sample: Sample = NO_SAMPLE;
  let scroll = 0;
  return {
    async sample() {
      sample = await take();
      loads.push(sample.load);
      memories.push(memoryShare(sample));
    },
    scroll(lines) {
      const nodes = status.cluster()?.nodes.length ?? 0;
      scroll = Math.min(Math.max(scroll + lines, 0), Math.max(nodes - 1, 0));
    },
    state: () => ({
      status: status.latest(),
      cluster: status.cluster(),
      scroll,
      sample,
      loads: loads.latest(REMEMBERED),
      memories: memories.latest(REMEMBERED),
      footer,
    }),
    close: () => status.close(),
  };
}
