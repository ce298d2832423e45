/**
 * The whole network of a node on the real interfaces of a namespace, under a /sys that gives them hardware; says
 * what leads to the cluster on standard error. Arguments are the root folder, and what clump.nic= would say.
 */

import { mkdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { type NetworkProbe, startNetwork } from "../../probes/network.ts";
import { linux } from "../../system/kernel/linux.ts";
import { createTerminalLog } from "../../system/log.ts";

const [root = "", name] = process.argv.slice(2);
const PCI = "/sys/devices/pci0000:00";

/** Where each name of an interface that a test uses sits. */
const DEVICES: Readonly<Record<string, string>> = {
  eth0: `${PCI}/0000:00:03.0`,
  eth1: `${PCI}/0000:00:04.0`,
  lan1: `${PCI}/0000:00:02.0`,
  lan2: `${PCI}/0000:00:02.1`,
  lan3: `${PCI}/0000:00:02.2`,
  usb0: `${PCI}/0000:00:05.0/usb1/1-1/1-1:1.0`,
};

for (const [link, device] of Object.entries(DEVICES)) {
  mkdirSync(`${root}${device}/net/${link}`, { recursive: true });
  symlinkSync(root + device, `${root}${device}/net/${link}/device`);
  mkdirSync(dirname(`${root}/sys/class/net/${link}`), { recursive: true });
  symlinkSync(`${root}${device}/net/${link}`, `${root}/sys/class/net/${link}`);
}

symlinkSync("/proc", `${root}/proc`);

const start = performance.now();
let said = "";
function changed(probe: NetworkProbe): void {
  const nic = probe.primaryNic();
  const line = nic?.lease
    ? `cluster: ${nic.link.name} ${nic.lease.address} (${probe.choice() ?? "alone"})`
    : "cluster: none";
  if (line !== said) console.error(`${line} after ${Math.round(performance.now() - start)} ms`);
  said = line;
}

const log = { ...createTerminalLog("test"), open() {} };
const preferredNics = name ? [{ option: `clump.nic=${name}`, name }] : [];
startNetwork({ kernel: linux, root, log }, { preferredNics, signal: AbortSignal.timeout(120_000), changed });
