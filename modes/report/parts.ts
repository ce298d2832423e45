/** The parts of a report, in reading order. */

import { formatNodes } from "../../cluster/commands/nodes-command.ts";
import { MAP_PATH, readMapText, readOwnNode } from "../../cluster/map/node-map.ts";
import { type ClusterView, readView } from "../../cluster/view.ts";
import { viewAsOf } from "../../cluster/view-age.ts";
import { readOptional } from "../../system/files.ts";
import { readStatus } from "../../system/state/node-status.ts";
import { PATHS } from "../../system/state/paths.ts";
import { applet, type RunTool } from "../../system/tool.ts";
import { uptime } from "../../system/uptime.ts";
import { describeNode } from "../figures/facts.ts";
import type { Part } from "./compose.ts";
import { bootSteps, complaints, networkEvents, parseKernelLog, wholeLog, withBoot } from "./kernel-log.ts";

/** A tool may hang on a bus that does not answer; the report goes on without it. */
const TOOL_LIMIT_MILLISECONDS = 10_000;

/** Titles and commands. */
const DEVICES = [
  ["PCI devices and their drivers (lspci -nnk)", ["/usr/bin/lspci", "-nnk"]],
  ["USB devices (lsusb)", ["/usr/bin/lsusb"]],
] as const;
const NETWORK = [
  ["addresses (ip address)", applet("ip", "address")],
  ["routes (ip route)", applet("ip", "route")],
  ["IPv6 routes (ip -6 route)", applet("ip", "-6", "route")],
  ["neighbours (ip neigh)", applet("ip", "neigh")],
] as const;
const FILES = [
  ["what was sent and received", "/proc/net/dev"],
  ["name servers", "/etc/resolv.conf"],
  ["names", "/etc/hosts"],
  ["memory", "/proc/meminfo"],
  ["modules", "/proc/modules"],
  ["mounts", "/proc/mounts"],
] as const;

/** All parts of the report of the machine below `root`; a part whose command fails says why. */
export async function gatherParts(root: string, run: RunTool): Promise<Part[]> {
  const log = run(applet("dmesg", "-r"), TOOL_LIMIT_MILLISECONDS);
  const [devices, network, processes] = await Promise.all([
    askAll(DEVICES, run),
    askAll(NETWORK, run),
    askAll([["processes", applet("ps", "-o", "pid,ppid,vsz,rss,stat,args")]], run),
  ]);
  const kernelLog = parseKernelLog((await log).output);
  const lines = withBoot(kernelLog, readOptional(root + PATHS.bootLog) ?? "");
  const { nics = [] } = readStatus(root) ?? {};
  return [
    { title: "this node", text: nodeText(root) },
    { title: "kernel command line", text: readOptional(`${root}/proc/cmdline`) ?? "" },
    { title: "warnings of the log", text: complaints(lines) },
    { title: "network adapters", text: adapterText(root) },
    ...devices,
    ...network,
    {
      title: "leases, cables and what came of them",
      text: networkEvents(
        lines,
        nics.map(({ name }) => name),
      ),
    },
    { title: `map (${MAP_PATH})`, text: mapText(root) },
    { title: "cluster", text: clusterText(root) },
    { title: "steps of the boot", text: bootSteps(lines) },
    ...FILES.map(([title, path]) => ({ title: `${title} (${path})`, text: readOptional(root + path) ?? "" })),
    ...processes,
    { title: "log of the kernel (dmesg)", text: wholeLog(kernelLog) || (await log).complaint },
  ];
}

/** The parts on devices, drivers and NICs. */
export async function gatherProbes(root: string, run: RunTool): Promise<Part[]> {
  return [
    { title: "this node", text: nodeText(root) },
    { title: "network adapters", text: adapterText(root) },
    ...(await askAll(DEVICES, run)),
  ];
}

function askAll(
  questions: readonly (readonly [title: string, command: readonly string[]])[],
  run: RunTool,
): Promise<Part[]> {
  return Promise.all(
    questions.map(async ([title, command]) => {
      const { ok, output, complaint } = await run(command, TOOL_LIMIT_MILLISECONDS);
      return { title, text: ok ? output : `${output}Cannot ask ${command.join(" ")}: ${complaint}` };
    }),
  );
}

function nodeText(root: string): string {
  const status = readStatus(root);
  const facts = describeNode(status, uptime(), currentView(root));
  const mode = status === undefined ? [] : [`mode      ${status.mode}`];
  return [...mode, ...facts.map(({ label, text }) => `${label.padEnd(9)} ${text}`.trimEnd())].join("\n");
}

function adapterText(root: string): string {
  const { nics = [] } = readStatus(root) ?? {};
  return nics
    .map(({ name, mac, device, carrier, dhcp }) =>
      [name, mac, device, carrier ? "carrier" : "no carrier", dhcp].join("  "),
    )
    .join("\n");
}

function mapText(root: string): string {
  const text = readMapText(root);
  if (text === undefined) return "";
  const own = readOwnNode(root);
  return `${text}# ${own === undefined ? "This node is not configured" : `This is node ${own}`}`;
}

function currentView(root: string): ClusterView | undefined {
  const view = readView(root);
  return view && viewAsOf(view, uptime());
}

function clusterText(root: string): string {
  const view = currentView(root);
  if (view === undefined) return "";
  const drops = Object.entries(view.drops ?? {}).map(([why, count]) => `${count} ${why}`);
  return [
    formatNodes(view.nodes, uptime()),
    ...view.problems.map((problem) => `problem: ${problem}\n`),
    `datagrams dropped: ${drops.join(", ")}`,
  ].join("");
}
