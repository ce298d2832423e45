/** Nodes as a view has them, for tests. */

import { type ClusterView, type NodeView, UNKNOWN_LOAD } from "../../../cluster/view.ts";
import { uptime } from "../../../system/uptime.ts";

export const NODE: NodeView = {
  id: 77,
  address: "192.168.1.77",
  aliases: [],
  state: "up",
  isSelf: false,
  status: 3,
  load: 1.5,
  busy: 0.25,
  cpus: 2,
  speed: 10_000,
  memoryFree: 100 * 2 ** 20,
  memoryTotal: 400 * 2 ** 20,
  heardUptime: 60,
  incarnation: 1_000,
  version: "7.0",
};

export const SELF: NodeView = { ...NODE, isSelf: true };

/** Node 77, and one in each state that another can have. */
export const NODES: readonly NodeView[] = [
  SELF,
  { ...NODE, id: 5, address: "192.168.1.5", state: "left" },
  {
    ...NODE,
    id: 78,
    address: "192.168.1.78",
    aliases: ["10.1.1.1"],
    load: 0.4,
    speed: 23_456,
    status: 3 | 16 | 64,
  },
  { ...NODE, id: 101, address: "192.168.1.101", state: "suspect" },
  { ...NODE, id: 130, address: "192.168.1.130", state: "dead" },
  { ...NODE, id: 220, address: "192.168.1.220", state: "silent", version: "", ...UNKNOWN_LOAD },
];

/** The view as if clumpd had written it this second. */
export function freshView(view: ClusterView): ClusterView {
  const heardUptime = Math.round(uptime());
  return { ...view, nodes: view.nodes.map((node) => ({ ...node, heardUptime })) };
}

export const VIEW: ClusterView = {
  isOpen: true,
  discovery: "map",
  nodes: NODES,
  problems: ["number 5 is claimed by 2 nodes"],
  drops: { oversized: 0, malformed: 0, forged: 0, replayed: 0, misaddressed: 0, foreign: 0, hasty: 0 },
};
