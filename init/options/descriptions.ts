/** The options of the kernel command line for the documents; the program itself does not read them. */

import { CONTROL_PORT } from "../../cluster/daemon/control-address.ts";
import { SPANS } from "../../cluster/map/prefix-map.ts";
import { DISCOVERIES } from "../../cluster/view.ts";
import { DEFAULT_MODE, MODES, type ModeName } from "../../modes/index.ts";
import { WEB_PORT } from "../../modes/web/port.ts";
import { NETWORK_DESCRIPTIONS, type OptionDescription } from "../../probes/network-options/descriptions.ts";
import { MODE_PARAMETERS } from "./mode-parameters.ts";

const MODE_NAMES = Object.keys(MODES);

/** Topic → rows of its table. */
export const DESCRIPTIONS = {
  mode: [
    {
      forms: [`clump.mode=${MODE_NAMES.join("|")}`],
      meaning: `the [mode](getting-started.md#modes), default \`${DEFAULT_MODE}\``,
    },
    { forms: MODE_NAMES, meaning: "the same, short for a boot prompt" },
    {
      forms: parametersOf("expert"),
      meaning:
        "Expert, in the words of other systems; `rd.break`, `break` and `systemd.debug_shell` also with a value",
    },
    { forms: parametersOf("safe"), meaning: "Safe, in the words of other systems" },
  ],
  cluster: [
    {
      forms: ["clump.key=TEXT"],
      meaning:
        "the [cluster key](security.md#what-clumpkey-protects) that all nodes share; default none, an open cluster",
    },
    {
      forms: ['"clump.map=1 10.0.0.1 20;30 10.0.1.1 4"'],
      meaning:
        "a [map](cluster.md#the-map) of your own, in the grammar of mosix.map, with `;` for a new line",
    },
    {
      forms: [`clump.map.span=${SPANS.join("|")}`],
      meaning:
        "what the node's own map covers: the Class C network of its address (default), or its whole network (/16 to /30) with the host number as node number",
    },
    {
      forms: [`clump.discovery=${DISCOVERIES.join("|")}`],
      meaning: "where [node numbers](cluster.md#how-nodes-find-each-other) come from, default `map`",
    },
    {
      forms: ["clump.control=ADDRESS:PORT"],
      meaning: `address and port of the control port (telnet), default 127.0.0.1:${CONTROL_PORT}; from outside \`clumpview --host\` proves the cluster key`,
    },
    {
      forms: ["clump.moves=open", "clump.moves=no"],
      meaning:
        "processes [move](moves.md) also in a cluster without a key, where strangers may then run programs here; or never; default: where the cluster has a key",
    },
    {
      forms: ["clump.balance=off"],
      meaning:
        "processes of this node [do not move by themselves](moves.md#by-itself) while the node is busy; default `on` where processes move",
    },
    {
      forms: ["clump.guests=no"],
      meaning:
        "processes of other nodes do not run here, as after `mosctl block`; default `yes`, on a [workstation](workstation.md) `no`",
    },
    {
      forms: ["clump.root=no"],
      meaning:
        "root's processes do not leave this node, and other nodes see only the files of users whose processes are away; default `yes`, on a [workstation](workstation.md#what-a-node-with-the-key-can-do) `no`",
    },
    {
      forms: ["clump.demo=N"],
      meaning: "N processes compute on this node, to [show moves](getting-started.md#jobs-that-spread)",
    },
    {
      forms: ["clump.slurm=CONTROLLER", "clump.slurm"],
      meaning:
        "this node is a node of the [Slurm](slurm.md) cluster of that controller too: a name or an address, `:PORT` behind it, backups behind commas; or that of the DNS record `_slurmctld._tcp` in the domain of the lease; it wants `slurm.img` and `clump.key=`",
    },
    {
      forms: ["clump.slurm.leave=wait"],
      meaning:
        "a node that shuts down waits for its jobs of Slurm; default `requeue`: Slurm [starts them again](slurm.md#a-node-that-leaves) on other nodes",
    },
    {
      forms: ['"clump.users=alice:x:1000:1000:Alice:/home/alice:/bin/sh"'],
      meaning:
        "a user whose processes run on this node, such as those of [Slurm's jobs](slurm.md#users-and-files), as a line of passwd; repeat for another",
    },
    {
      forms: ["clump.mount=nfs4:SERVER:/path:/mountpoint", "clump.mount=nfs:…"],
      meaning:
        "[a share](files.md#shares-from-the-start) that the node mounts as soon as its server answers, by NFS 4 or 3; repeat for another",
    },
    {
      forms: ["clump.topology=peers", "clump.topology=controller", "clump.topology=drone"],
      meaning:
        "this node [sends processes away and takes others'](moves.md#topologies), the default; farms its own out and takes none; or takes processes, and none of its own leaves by itself",
    },
  ],
  network: [
    {
      forms: ["clump.nic=NAME"],
      meaning:
        "the [primary NIC](network.md#the-primary-nic): `eth1`, `enp0s3`, `eno1`, `ens4`, `enx525400123456`, `52:54:00:12:34:56` or `0000:00:03.0`",
    },
    ...NETWORK_DESCRIPTIONS,
    {
      forms: ["hostname=NAME", "systemd.hostname=NAME"],
      meaning:
        "the name of the node; without it the name in `ip=`, then that of `clump.hostname=`, then that of the lease, then `node77` for node 77",
    },
    {
      forms: ["clump.hostname=PATTERN"],
      meaning:
        "the names of all nodes, `%d` for the node number: `pc%d` names node 77 `pc77`, `lab-%03d` names it `lab-077`",
    },
  ],
  access: [
    {
      forms: ["clump.vnc=0", "clump.vnc=view"],
      meaning: "no VNC in ClumpOS mode, or viewers that only look on",
    },
    {
      forms: ["clump.vnc.password=TEXT", "inst.vncpassword=TEXT"],
      meaning:
        "the password of [VNC](clumpview.md#vnc) and of the web view; `none` for no password; without the option the node makes a password",
    },
    {
      forms: ["clump.shell.password=TEXT"],
      meaning: "the password that every shell asks for, default none",
    },
    {
      forms: ['"clump.ssh=ssh-ed25519 AAAA…"', "clump.ssh=AAAA…", "clump.ssh"],
      meaning:
        "lets people in by [ssh](files.md#ssh), as root: with the private key of that public key, repeat for another; or bare, with the keys of a file `clump.ssh` and the password of the shells; default off",
    },
    {
      forms: ["clump.web", "clump.web=PORT"],
      meaning: `the [web view](web-view.md) and the metrics, default port ${WEB_PORT}; off without the option and with \`clump.web=0\``,
    },
    {
      forms: ["console=DEVICE"],
      meaning: "the kernel's: clumpview or a shell runs on each console; repeat for another",
    },
  ],
  boot: [
    {
      forms: ["clump.serve", "clump.serve=FROM,TO"],
      meaning:
        "boot the other PCs of the network, as [Serve](boot-media.md#a-room-from-one-cd) in the menu does",
    },
    {
      forms: ["clump.report=WHERE"],
      meaning:
        "send the [report](problems.md#the-report) of the boot: a URL of http, https, tftp, udp or syslog, or `usb`",
    },
    {
      forms: ["clump.tools=URL"],
      meaning:
        "where `clump tools` fetches the [toolbox](files.md#the-toolbox): a URL of http, https or tftp; a boot server of clump sets the option for its nodes",
    },
    { forms: ["clump.eject=0"], meaning: "leave the CD in its drive" },
    {
      forms: ["modprobe.blacklist=MODULE,…", "rd.driver.blacklist=", "blacklist="],
      meaning: "drivers that are not loaded",
    },
    { forms: ["MODULE.PARAMETER=VALUE"], meaning: "the kernel's: a parameter of a driver" },
    {
      forms: ["panic=SECONDS"],
      meaning: "restart so long after a boot that failed; without it, or with 0, a shell opens",
    },
    { forms: ["quiet"], meaning: "the kernel's: fewer messages" },
    {
      forms: ["clump.trace"],
      meaning:
        "the log says what process 1 did until the node was configured, and [how long each step took](architecture.md#size-and-speed)",
    },
    { forms: ["debug", "rd.debug"], meaning: "more messages, also on the consoles" },
    { forms: ["rootfstype=ramfs"], meaning: "the kernel's: the image unpacks in less memory" },
  ],
} satisfies Readonly<Record<string, readonly OptionDescription[]>>;

/** The parameters of other systems that choose a mode. */
function parametersOf(mode: ModeName): string[] {
  return [...MODE_PARAMETERS]
    .filter(([name, chosen]) => chosen === mode && name !== mode)
    .map(([name]) => name);
}
