/** What clumpview costs while it shows a cluster: its share of one processor, with the settings of the node's service. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeView } from "../../cluster/view.ts";
import { SERVICES } from "../../modes/services.ts";
import { Demo } from "../../modes/sources/demo.ts";
import { writeStatus } from "../../system/state/node-status.ts";
import { cpuSeconds } from "./cpu-time.ts";

const SECOND = 1_000;
const BEGIN_SECONDS = 5;
/** More than a page with all its colours. */
const ENOUGH = 65_536;

export interface ScreenCostOptions {
  readonly nodes: number;
  readonly columns: number;
  readonly rows: number;
  /** How long it is looked at, once it has begun. */
  readonly seconds: number;
}

/** Share of one processor, 0 to 1, of a clumpview whose cluster changes every second. */
export async function measureScreen({ nodes, columns, rows, seconds }: ScreenCostOptions): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), "clumpview-bench-"));
  const demo = new Demo(nodes);
  writeStatus(root, demo.status()!);
  const change = () => {
    demo.next();
    writeView(root, JSON.stringify(demo.cluster()));
  };
  change();
  const timer = setInterval(change, SECOND);
  let shown = "";
  const terminal = new Bun.Terminal({
    cols: columns,
    rows,
    data: (_, bytes) => {
      shown = (shown + Buffer.from(bytes).toString("latin1")).slice(-ENOUGH);
    },
  });
  const [service] = SERVICES.clumpview({ consoles: [], locksShells: false });
  const child = Bun.spawn([process.execPath, "test/unit/modes/clumpview/session.ts", root], {
    terminal,
    env: { ...process.env, ...service?.environment },
  });
  try {
    await Bun.sleep(BEGIN_SECONDS * SECOND);
    if (!shown.includes(`${nodes} nodes`))
      throw new Error(`Cannot see ${nodes} nodes on the terminal: ${shown}`);
    const before = cpuSeconds(child.pid);
    const start = performance.now();
    await Bun.sleep(seconds * SECOND);
    return (cpuSeconds(child.pid) - before) / ((performance.now() - start) / SECOND);
  } finally {
    clearInterval(timer);
    child.kill();
    await child.exited;
    terminal.close();
    rmSync(root, { recursive: true });
  }
}
