/** The cost of clumpview, clumpweb and the gossip on this machine itself, as tables. */

import { measureGossip } from "./gossip-cost.ts";
import { measureScreen } from "./screen-cost.ts";
import { formatTable } from "./table.ts";
import { measureWeb } from "./web-cost.ts";

const SCREENS = [
  [20, 80, 25],
  [254, 80, 25],
  [254, 160, 50],
  [1_000, 160, 50],
] as const;
const SECONDS = 30;
const WEB_NODES = [20, 254, 1_000];
const WEB_VIEWERS = 5;
const GOSSIP_NODES = [254, 1_000, 10_000];
const GOSSIP_SECONDS = 600;

/** One clumpview on one terminal. */
export async function formatScreens(): Promise<string> {
  const rows: string[][] = [];
  for (const [nodes, columns, lines] of SCREENS) {
    const share = await measureScreen({ nodes, columns, rows: lines, seconds: SECONDS });
    rows.push([String(nodes), `${columns}x${lines}`, (100 * share).toFixed(2)]);
  }
  return formatTable(["clumpview: nodes, each changing every second", "terminal", "% of one core"], rows);
}

/** One clumpweb with several open pages. */
export async function formatWebs(): Promise<string> {
  const rows: string[][] = [];
  for (const nodes of WEB_NODES) {
    const cost = await measureWeb({ nodes, viewers: WEB_VIEWERS, seconds: SECONDS });
    const { share, megabytes, kilobytes } = cost;
    rows.push([String(nodes), (100 * share).toFixed(2), megabytes.toFixed(1), kilobytes.toFixed(0)]);
  }
  const head = `clumpweb: nodes, each changing every second, and ${WEB_VIEWERS} pages`;
  return formatTable([head, "% of one core", "memory of its own, MB", "KB/s a page"], rows);
}

/** The gossip of one clumpd, without its datagrams and its view. */
export async function formatGossip(): Promise<string> {
  const rows: string[][] = [];
  for (const nodes of GOSSIP_NODES) {
    const milliseconds = await measureGossip({ nodes, seconds: GOSSIP_SECONDS });
    rows.push([String(nodes), milliseconds.toFixed(1)]);
  }
  return formatTable(["gossip of one node: nodes of the cluster", "CPU, ms a second"], rows);
}
