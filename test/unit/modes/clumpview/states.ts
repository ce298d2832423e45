/** Nodes in the states a page must be able to show. */

import { type ClusterView, type NodeView, UNKNOWN_LOAD } from "../../../../cluster/view.ts";
import { FIRST_CHOICE } from "../../../../modes/clumpview/choice.ts";
import type { ViewState } from "../../../../modes/clumpview/view-state.ts";
import { LoadHistory } from "../../../../modes/figures/load-history.ts";
import { Demo } from "../../../../modes/sources/demo.ts";
import { NO_SAMPLE } from "../../../../modes/sources/sample.ts";
import type { NicStatus, NodeStatus } from "../../../../system/state/node-status.ts";

const NIC: NicStatus = {
  name: "eth0",
  mac: "52:54:00:12:34:56",
  device: "0000:00:03.0 8086:100e e1000",
  carrier: true,
  dhcp: "BOUND",
};

const BARE: NodeStatus = {
  version: "7.0.0-alpha.1",
  hostname: "node77",
  mode: "NoVNC",
  nics: [],
  problems: [],
  warnings: [],
};

export const CONFIGURED: NodeStatus = {
  ...BARE,
  node: 77,
  address: "192.168.1.77",
  prefix: 24,
  nic: "eth0",
  lease: { server: "192.168.1.1", obtainedUptime: 4, seconds: 3_600, state: "BOUND" },
  map: "# Class C network 192.168.1.0\n1 192.168.1.1 254\n",
  nics: [NIC],
};

const WAITING_NICS: readonly NicStatus[] = [
  {
    ...NIC,
    dhcp: "link up, no answer to DHCP",
    hint: "the switch may still hold the port (STP)",
    sinceUptime: 41,
  },
  {
    ...NIC,
    name: "eth1",
    device: "0000:00:04.0 10ec:8139 8139cp",
    carrier: false,
    dhcp: "no cable, no carrier",
  },
];

export const STATUSES: Readonly<Record<string, NodeStatus | undefined>> = {
  configured: CONFIGURED,
  waiting: { ...BARE, nics: WAITING_NICS },
  "no-nic": { ...BARE, problems: ["no driver for 10ec:8168 in this image"] },
  crowded: {
    ...CONFIGURED,
    hostname: "a-host-name-of-sixty-three-letters-which-is-as-long-as-they-can-be",
    node: 65_534,
    choice: "before enp0s31f6d1 on its bus",
    lease: { server: "192.168.100.254", obtainedUptime: 4, seconds: null, state: "REBINDING" },
    map: Array.from({ length: 9 }, (_, index) => `${index + 1} 10.0.${index}.1 1\n`).join(""),
    nics: Array.from({ length: 8 }, (_, index) => ({
      ...NIC,
      name: `enp0s31f6d${index}`,
      dhcp: "SELECTING",
    })),
    problems: ["firmware rtl_nic/rtl8168g-3.fw missing\x1b[2J, ünïcode ✓"],
    warnings: ["192.168.1.77/16 is no Class C network (/24)"],
  },
};

const PEER: NodeView = {
  id: 78,
  address: "192.168.1.78",
  aliases: [],
  state: "up",
  isSelf: false,
  status: 3,
  load: 1.5,
  busy: 0.42,
  cpus: 4,
  speed: 10_000,
  memoryFree: 300 * 2 ** 20,
  memoryTotal: 992 * 2 ** 20,
  heardUptime: 61.6,
  incarnation: 1_700_000_000,
  version: "7.0",
};

/** Five nodes in the view of node 77, one in each state. */
export const CLUSTER: ClusterView = {
  isOpen: true,
  discovery: "map",
  nodes: [
    { ...PEER, id: 77, address: "192.168.1.77", isSelf: true, busy: 0.78, cpus: 2, heardUptime: 63 },
    { ...PEER, id: 5, address: "192.168.1.5", state: "left" },
    { ...PEER, busy: 0.95, memoryTotal: 64 * 2 ** 30, memoryFree: 60 * 2 ** 30, cpus: 128 },
    { ...PEER, id: 101, address: "192.168.1.101", state: "suspect" },
    { ...PEER, id: 130, address: "192.168.1.130", state: "dead" },
    { ...PEER, id: 220, address: "192.168.1.220", state: "silent", version: "", ...UNKNOWN_LOAD },
  ],
  problems: [],
  drops: { oversized: 0, malformed: 0, forged: 0, replayed: 0, misaddressed: 0, foreign: 0, hasty: 0 },
};

/** A page of one minute and three seconds after the start, with a load that rose and fell. */
export function stateOf(status: NodeStatus | undefined): ViewState {
  const loads = Array.from({ length: 64 }, (_, second) => Math.abs(second - 32) / 40);
  return {
    status,
    sample: { load: 0.78, cpus: 2, memoryUsed: 81 * 2 ** 20, memoryTotal: 225 * 2 ** 20, uptime: 63 },
    now: 100_000,
    loads,
    memories: loads.map((load) => 0.36 + load / 20),
    clusterLoads: { of: (_, most) => loads.slice(-most), total: (most) => loads.slice(-most) },
    choice: FIRST_CHOICE,
    leaving: "[ESC] shut this node down",
  };
}

const demos = new Map<number, ViewState>();
const DEMO_SECONDS = 100;

/** A page of a demo that has gone on for a while. */
export function demoState(nodes: number): ViewState {
  const known = demos.get(nodes);
  if (known) return known;
  const source = new Demo(nodes);
  const clusterLoads = new LoadHistory();
  const loads: number[] = [];
  let sample = NO_SAMPLE;
  for (let second = 0; second < DEMO_SECONDS; second++) {
    sample = source.next();
    loads.push(sample.load);
    clusterLoads.push(source.cluster());
  }
  const { origin } = source;
  const own = stateOf(source.status());
  const jobs = { moves: source.moves(), now: source.now() };
  const state = { ...own, ...jobs, cluster: source.cluster(), origin, sample, loads, clusterLoads };
  demos.set(nodes, state);
  return state;
}
