/** The facts on this node as labelled lines, without any layout. */

import type { ClusterView } from "../../cluster/view.ts";
import { formatDuration } from "../../system/amounts.ts";
import type {
  LeaseStatus,
  NicStatus,
  NodeStatus,
  SlurmStatus,
  WebStatus,
} from "../../system/state/node-status.ts";
import { REPORT_BY_HAND } from "../../system/state/report-target.ts";
import { COLOUR } from "../terminal/canvas.ts";
import { describeJobNumbers } from "./node-line.ts";
import { isAlive } from "./totals.ts";

/** The words of the documents for a node without an address. */
export const NO_DEVICES = "no ethernet devices configured";
export const NOT_CONFIGURED = "not configured yet";

/** Seconds after which a missing answer or carrier needs a person. */
const PATIENCE = 60;

export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly colour: number;
  /** A sentence is wrapped, never cut. */
  readonly isSentence?: true;
}

/** The state of this node's network and cluster, most important first. */
export function describeNode(status: NodeStatus | undefined, uptime: number, cluster?: ClusterView): Fact[] {
  if (status === undefined)
    return [headline(NOT_CONFIGURED), plain("", "this node has not reported its state yet")];
  const isWaiting = status.address === undefined;
  return [
    ...(status.danger === undefined ? [] : [danger(status.danger)]),
    ...(isWaiting ? describeWaiting(status, uptime) : describeConfigured(status, uptime)),
    ...(cluster?.nodes.length === 1 && cluster.nodes.every(isAlive)
      ? [plain("cluster", `alone so far${cluster.isOpen ? ", open cluster" : ""}`)]
      : []),
    ...describeOwnJobs(cluster),
    ...[...(cluster?.problems ?? []), ...status.problems].map(
      (text): Fact => ({ label: "problem", text, colour: COLOUR.rose, isSentence: true }),
    ),
    ...(isWaiting && hasNoHope(status, uptime) ? [plain("help", howToBeHelped(status))] : []),
    ...status.warnings.map(
      (text): Fact => ({ label: "warning", text, colour: COLOUR.yellow, isSentence: true }),
    ),
    ...(isWaiting ? [] : describeOtherNics(status, uptime)),
  ];
}

function describeOwnJobs(cluster: ClusterView | undefined): Fact[] {
  const own = cluster?.nodes.find(({ isSelf }) => isSelf);
  return own === undefined ? [] : describeJobNumbers(own).map((text) => plain("jobs", text));
}

function danger(text: string): Fact {
  return { label: "danger", text, colour: COLOUR.rose, isSentence: true };
}

function describeWaiting(status: NodeStatus, uptime: number): Fact[] {
  if (status.nics.length > 0) {
    return [headline(NOT_CONFIGURED), ...status.nics.flatMap((nic) => describeNic(nic, uptime))];
  }
  const found =
    status.problems.length > 0
      ? "no network interface came up, see why below"
      : "no network interface was found in this machine";
  return [headline(NO_DEVICES), plain("", found)];
}

/** Whether no NIC can get an address: there is no NIC, no carrier, or no DHCP server answers. */
function hasNoHope({ nics }: NodeStatus, uptime: number): boolean {
  return nics.every(({ carrier, sinceUptime }) => !carrier || uptime - (sinceUptime ?? uptime) >= PATIENCE);
}

function howToBeHelped({ mode }: NodeStatus): string {
  return `photograph this screen, or type ${REPORT_BY_HAND}${mode === "Expert" ? "" : " in Expert mode"}`;
}

function describeConfigured(status: NodeStatus, uptime: number): Fact[] {
  const prefix = status.prefix === undefined ? "" : `/${status.prefix}`;
  const facts = [{ label: "address", text: `${status.address}${prefix}`, colour: COLOUR.white }];
  if (status.node === undefined) facts.unshift(headline(NOT_CONFIGURED));
  const nic = status.nics.find(({ name }) => name === status.nic);
  if (status.nic !== undefined)
    facts.push(plain("nic", nic ? `${nic.name}  ${nic.mac}  ${nic.device}` : status.nic));
  if (status.choice !== undefined) facts.push(plain("chosen", status.choice));
  if (status.lease) facts.push(plain("lease", describeLease(status.lease, uptime)));
  if (status.map !== undefined) facts.push(plain("map", describeMap(status.map)));
  if (status.slurm) facts.push(plain("slurm", describeSlurm(status.slurm)));
  if (status.serves !== undefined) facts.push(plain("serves", status.serves));
  if (status.web) facts.push(describeWeb(status.web, status.address));
  return facts;
}

/** "drained, 2 jobs: disk errors". */
function describeSlurm({ state, jobs, why }: SlurmStatus): string {
  const count = jobs === 0 ? "" : `, ${jobs} ${jobs === 1 ? "job" : "jobs"}`;
  return `${state}${count}${why === undefined ? "" : `: ${why}`}`;
}

function describeWeb({ port, isOpen }: WebStatus, address: string | undefined): Fact {
  const text = `http://${address}:${port}/`;
  return isOpen
    ? { label: "web", text: `${text} open to everybody: there is no password`, colour: COLOUR.rose }
    : plain("web", text);
}

/** NICs other than the primary one; they come last. */
function describeOtherNics(status: NodeStatus, uptime: number): Fact[] {
  const others = status.nics.filter(({ name }) => name !== status.nic);
  return others.flatMap((nic) => describeNic(nic, uptime));
}

function describeNic(nic: NicStatus, uptime: number): Fact[] {
  const waited = nic.sinceUptime === undefined ? "" : ` for ${formatDuration(uptime - nic.sinceUptime)}`;
  const state = plain(nic.name, `${nic.dhcp}${waited}  (${nic.device})`);
  return nic.hint === undefined ? [state] : [state, plain(" ", nic.hint)];
}

/** The entries of a map on one line, in the grammar of `clump.map=`. */
function describeMap(map: string): string {
  return map
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("; ");
}

function describeLease({ server, obtainedUptime, seconds, state }: LeaseStatus, uptime: number): string {
  if (server === "") return "none: the address is static, by ip= or by hand";
  if (seconds === null) return `from ${server}, for ever, ${state}`;
  const left = obtainedUptime + seconds - uptime;
  return `from ${server}, ${left > 0 ? `${formatDuration(left)} left` : "expired"}, ${state}`;
}

function headline(text: string): Fact {
  return { label: "", text, colour: COLOUR.yellow };
}

function plain(label: string, text: string): Fact {
  return { label, text, colour: COLOUR.grey };
}
