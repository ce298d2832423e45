/** What clumpweb costs while people look at a cluster, with the settings of the node's service. */

import { readFileSync } from "node:fs";
import { Demo } from "../../modes/sources/demo.ts";
import { type Clumpweb, PASSWORD, startClumpweb } from "../web/clumpweb.ts";
import { recordNode } from "../web/recorded.ts";
import { cpuSeconds } from "./cpu-time.ts";

const SECOND = 1_000;
const BEGIN_SECONDS = 5;

export interface WebCostOptions {
  readonly nodes: number;
  /** Pages that are open. */
  readonly viewers: number;
  /** How long it is looked at, once it has begun. */
  readonly seconds: number;
}

export interface WebCost {
  /** Of one processor, 0 to 1. */
  readonly share: number;
  /** Memory that is its own. */
  readonly megabytes: number;
  /** What one viewer is sent in a second. */
  readonly kilobytes: number;
}

/** The cost of a clumpweb whose cluster changes every second. */
export async function measureWeb({ nodes, viewers, seconds }: WebCostOptions): Promise<WebCost> {
  using node = recordNode({ password: PASSWORD, isMade: false });
  const demo = new Demo(nodes);
  node.status(demo.status()!);
  const change = () => {
    demo.next();
    node.cluster(demo.cluster()!);
  };
  change();
  const timer = setInterval(change, SECOND);
  try {
    await using web = await startClumpweb(node.root);
    let received = 0;
    const took = (bytes: number) => {
      received += bytes;
    };
    for (let viewer = 0; viewer < viewers; viewer++) void look(web, took);
    await Bun.sleep(BEGIN_SECONDS * SECOND);
    const [before, bytesBefore, start] = [cpuSeconds(web.pid), received, performance.now()];
    await Bun.sleep(seconds * SECOND);
    const passed = (performance.now() - start) / SECOND;
    return {
      share: (cpuSeconds(web.pid) - before) / passed,
      megabytes: ownMegabytes(web.pid),
      kilobytes: (received - bytesBefore) / viewers / passed / 1_000,
    };
  } finally {
    clearInterval(timer);
  }
}

/** Takes what comes, as a page would, until the server ends. */
async function look(web: Clumpweb, took: (bytes: number) => void): Promise<void> {
  try {
    const { body } = await web.get("/events");
    for await (const bytes of body ?? []) took(bytes.length);
  } catch {
    // Hung up.
  }
}

/** Pages that are no file's, proc_pid_smaps(5). */
function ownMegabytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Anonymous: +(\d+)/m.exec(text)?.[1]) / 1_024;
}
