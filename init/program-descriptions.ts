/** The programs and the verbs of clump for the documents; the programs themselves do not read them. */

import type { OptionDescription } from "../probes/network-options/descriptions.ts";

/** What a person types in a shell. */
export const COMMAND_DESCRIPTIONS: readonly OptionDescription[] = [
  { forms: ["clump nodes [--json]"], meaning: "lists the nodes of the cluster" },
  {
    forms: ["clump jobs [--json]"],
    meaning: "lists the processes of this node that run on others, and the guests that run here",
  },
  { forms: ["migrate PID NODE"], meaning: "moves that process to that node" },
  { forms: ["mps"], meaning: "lists the processes with the node where each runs; 0 is this one" },
  { forms: ["clump dhcp eth0"], meaning: "asks for an address on that NIC" },
  {
    forms: ["clump static eth0 10.0.0.5/24 via 10.0.0.1 dns 10.0.0.2"],
    meaning: "gives that NIC a fixed address",
  },
  { forms: ["clump nic eth1"], meaning: "makes that NIC the primary NIC" },
  { forms: ["clump start clumpd", "clump stop clumpd"], meaning: "joins the cluster, leaves the cluster" },
  {
    forms: ["clump start clumpserve", "clump stop clumpserve"],
    meaning:
      "boots the other PCs of the network as `clump.serve` does, stops that; reads the files from the CD or USB stick if Serve in its menu has not loaded them",
  },
  {
    forms: ["clump report [--output FILE] [WHERE]"],
    meaning: "writes the [report](problems.md#the-report), and sends it",
  },
  { forms: ["clump menu", "menu"], meaning: "the same by keys" },
  { forms: ["clump help"], meaning: "lists these verbs; every command answers `--help`" },
  { forms: ["clumpview"], meaning: "[the screen](clumpview.md) of this node" },
  { forms: ["mosmon"], meaning: "the same, under openMosix's name" },
  {
    forms: ["setpe -r", "setpe -w -f FILE", "setpe -c -f FILE"],
    meaning: "shows, applies, checks the [map](cluster.md#the-map)",
  },
  { forms: ["showmap"], meaning: "lists the map" },
  {
    forms: ["mosctl"],
    meaning: "openMosix's commands: `status`, `getload`, `getspeed`, `setspeed`, `isup`, `whois`…",
  },
];

/** Process 1, and the programs that it starts. */
export const SERVICE_DESCRIPTIONS: readonly OptionDescription[] = [
  {
    forms: ["init"],
    meaning: "process 1: boots, supervises and ends the machine; keeps the network and the node number",
  },
  { forms: ["clumpd"], meaning: "the cluster daemon: discovery, gossip, the control port" },
  { forms: ["clumpjobs"], meaning: "sends processes to other nodes, and takes theirs" },
  { forms: ["clumpserve"], meaning: "boots other PCs, with dnsmasq and HTTP" },
  { forms: ["clumpweb"], meaning: "the web view and the metrics" },
];
