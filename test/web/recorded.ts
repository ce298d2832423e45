/** Status and cluster files as a node writes them, for a folder that stands for its root. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MovesReport, writeMoves } from "../../cluster/moves-report.ts";
import { type ClusterView, type NodeView, writeView } from "../../cluster/view.ts";
import { type Access, writeAccess } from "../../system/state/access.ts";
import { type NodeStatus, writeStatus } from "../../system/state/node-status.ts";
import { RUN_FOLDER } from "../../system/state/paths.ts";
import { uptime } from "../../system/uptime.ts";

export const STATUS: NodeStatus = {
  version: "7.0.0-alpha.1",
  hostname: "pc7",
  mode: "NoVNC",
  node: 7,
  address: "192.168.1.7",
  prefix: 24,
  nic: "eth0",
  lease: { server: "192.168.1.254", obtainedUptime: 9, seconds: 3_600, state: "BOUND" },
  map: "1 192.168.1.1 254\n",
  nics: [
    {
      name: "eth0",
      mac: "52:54:00:12:34:07",
      device: "0000:00:03.0 1af4:1000 virtio_net",
      carrier: true,
      dhcp: "BOUND",
    },
  ],
  problems: [],
  warnings: [],
};

/** Node `id` of the recorded network, up and well unless said otherwise. */
export function recordedNode(id: number, more: Partial<NodeView> = {}): NodeView {
  return {
    id,
    address: `192.168.1.${id}`,
    aliases: [],
    state: "up",
    isSelf: id === 7,
    status: 3,
    load: id / 10,
    busy: (id % 20) / 20,
    cpus: 4,
    speed: 10_000,
    memoryFree: 6 * 2 ** 30,
    memoryTotal: 8 * 2 ** 30,
    heardUptime: Math.round(uptime() * 10) / 10,
    incarnation: 1,
    version: "7.0",
    ...more,
  };
}

export function recordedCluster(nodes: readonly NodeView[], more: Partial<ClusterView> = {}): ClusterView {
  return {
    isOpen: false,
    discovery: "map",
    nodes,
    problems: [],
    drops: { oversized: 0, malformed: 3, forged: 0, replayed: 0, misaddressed: 0, foreign: 0, hasty: 0 },
    ...more,
  };
}

export interface RecordedNode extends Disposable {
  readonly root: string;
  status(status: NodeStatus): void;
  cluster(view: ClusterView): void;
  moves(report: MovesReport): void;
}

/** A root with these files below it. */
export function recordNode(access: Access | undefined): RecordedNode {
  const root = mkdtempSync(join(tmpdir(), "clump-web-"));
  mkdirSync(root + RUN_FOLDER, { recursive: true });
  if (access) writeAccess(root, access);
  return {
    root,
    status: (status) => writeStatus(root, status),
    cluster: (view) => writeView(root, JSON.stringify(view)),
    moves: (report) => writeMoves(root, JSON.stringify(report)),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
