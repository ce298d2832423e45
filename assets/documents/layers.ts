/** The layers of the program and their folders, as the documents describe them. */

export interface Layer {
  readonly name: string;
  /** What the layer is, in at most 38 characters. */
  readonly summary: string;
  /** The layer's own files, in at most 38 characters. */
  readonly files: string;
  /** Name of a folder → what it holds, in at most 38 characters. */
  readonly folders: Readonly<Record<string, string>>;
}

/** From left to right: each layer imports only the layers behind it. */
export const LAYERS: readonly Layer[] = [
  {
    name: "init",
    summary: "process 1: boots and ends the machine",
    files: "boot.ts: the boot; main.ts: programs",
    folders: {
      end: "failures, shutdown, restart",
      node: "the node's number, status, report",
      options: "the kernel command line",
      services: "starts services, restarts them",
      station: "a workstation as a node",
      steps: "steps of the boot",
    },
  },
  {
    name: "modes",
    summary: "what a node does once it is up",
    files: "the four modes and their services",
    folders: {
      access: "passwords of VNC, web and shells",
      clumpview: "the screen of a node",
      disks: "USB disks and CDs, while in use",
      figures: "facts, loads and totals as text",
      menu: "the menu, and requests to process 1",
      "rare-drivers": "drivers that few PCs want",
      report: "the report of a node, without secrets",
      serve: "boots other PCs: DHCP, TFTP, HTTP",
      slurm: "what a node of Slurm offers and proves",
      sources: "what a screen shows: node, file, demo",
      terminal: "text screens: cells, keys, graphs",
      tools: "the toolbox of administrators",
      vnc: "the relay of VNC, and its password",
      web: "the web view and the metrics",
    },
  },
  {
    name: "cluster",
    summary: "the cluster: map, members, commands",
    files: "the view that clumpd writes",
    folders: {
      balance: "what moves by itself, and where to",
      commands: "setpe, mosctl, showmap, clump",
      daemon: "clumpd and its control port",
      discovery: "the protocol of omdiscd",
      files: "files of nodes for guests and /mfs",
      gossip: "state and load of all nodes: pure",
      migration: "one move of a process",
      jobs: "what is away, what is here",
      links: "connections of deputies and guests",
      map: "node numbers and addresses",
      power: "Wake-on-LAN, and what moves a machine",
      security: "seals, replays, floods",
      tunnel: "WireGuard between nodes, for moves",
    },
  },
  {
    name: "probes",
    summary: "what this machine and network are",
    files: "drivers, network, speed, memory",
    folders: {
      arp: "address probes and conflicts",
      dhcp: "RFC 2131: transition.ts is figure 5",
      time: "SNTP: the clock, by time servers",
      modules: "which driver for which device",
      processes: "what a process is and holds",
      network: "interfaces, and the primary NIC",
      "network-options": "ip=, vlan=, bond= and the like",
    },
  },
  {
    name: "system",
    summary: "the ground that all stand on",
    files: "log, steps, children, files, secrets",
    folders: {
      address: "IPv4 and hardware addresses",
      kernel: "system calls; libc.ts imports bun:ffi",
      state: "files that the programs share",
    },
  },
];

/** Every folder of the layers as a path: the layer's own, then its folders. */
export function folderPaths(): string[] {
  return LAYERS.flatMap(({ name, folders }) => [
    name,
    ...Object.keys(folders).map((each) => `${name}/${each}`),
  ]);
}
