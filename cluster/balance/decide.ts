/** Which processes of this node the cluster moves now, and where to. Pure: no clock, no files. */

import { mayRunOn } from "../../probes/processor-level.ts";
import { STANDARD_SPEED } from "../../probes/speed.ts";
import type { NodeView } from "../view.ts";
import { isTarget, MARGIN, mayLeave, mayOwnLeave, rateOn, runningOn, takesGuests } from "./cost.ts";
import type { Ledger, ProcessKey } from "./ledger.ts";
import type { Room } from "./room.ts";

export interface Candidate extends ProcessKey {
  /** Processor seconds since its start, for all processors as fast as this node's. */
  readonly used: number;
  /** Seconds in which it ran or waited for a processor, since its start, or since a guest came here. */
  readonly wanted: number;
  /** Share of the last seconds in which it ran or waited for a processor; above 1 with threads. */
  readonly demand: number;
  /** Resident bytes. */
  readonly memory: number;
  /** Absent for a process of this node. */
  readonly guest?: {
    /** The LAN address of its home. */
    readonly home: string;
    readonly moves: number;
  };
}

export interface Situation {
  /** This node and all others. */
  readonly nodes: readonly NodeView[];
  /** Processes of this node that want a processor now; those that are no candidates count too. */
  readonly running: number;
  readonly candidates: readonly Candidate[];
  readonly ledger: Ledger;
  /** 0 to 1: which of the moves that are about as good. */
  readonly chance: () => number;
  /** Seconds since the start of the kernel. */
  readonly now: number;
}

export interface Choice {
  readonly candidate: Candidate;
  readonly node: NodeView;
  /** Seconds that the process is expected to gain. */
  readonly gain: number;
  readonly room: Room;
}

/**
 * Seconds in which a process ran or waited for a processor before it moves: with two processes on a processor, each has run for one.
 * A shorter process may well end before its move does.
 */
export const LEAST_WANTED = 2;
/**
 * A process that waits for something else gains nothing from a processor. So much is also to be left without a processor
 * before a process leaves: what runs for moments, beside one long process, moves nothing.
 */
const LEAST_DEMAND = 0.7;
/** Bytes of memory that go over in a second. */
const MEMORY_A_SECOND = 50e6;
/** How good a move is beside the best to be taken as well: busy nodes must not all choose the same idle node. */
const AS_GOOD = 0.9;
/** Moves of one node at a time, each to another node: all of them want this node's processor and its network. */
export const MOST_AT_ONCE = 4;

/**
 * Whether a process needs a processor, and has shown here that it does so for long. A guest stays twice as long on
 * each node as on the node before: however the load of the nodes changes, a process does not spend its time on the way.
 */
export function isCandidate({
  wanted,
  demand,
  guest: { moves } = { moves: 1 },
}: Pick<Candidate, "wanted" | "demand"> & { readonly guest?: { readonly moves: number } }): boolean {
  return wanted >= LEAST_WANTED * 2 ** (moves - 1) && demand >= LEAST_DEMAND;
}

/** The moves that gain most, one for each node; none where no process would end clearly sooner elsewhere. */
export function decide(situation: Situation): Choice[] {
  const { nodes, now, ledger, chance } = situation;
  const own = nodes.find(({ isSelf }) => isSelf);
  if (own === undefined || !mayLeave(own) || situation.running < own.cpus + LEAST_DEMAND) return [];
  const { underway } = ledger;
  let targets = nodes.filter(
    (node) =>
      isTarget(node, now) && !ledger.isFull(node) && underway.every((move) => move.node !== node.address),
  );
  let candidates = situation.candidates.filter(
    (candidate) => isCandidate(candidate) && (candidate.guest !== undefined || mayOwnLeave(own)),
  );
  let { running } = situation;
  const choices: Choice[] = [];
  while (choices.length + underway.length < MOST_AT_ONCE) {
    const possible = candidates.flatMap((candidate) =>
      targets.flatMap((node) => weigh(candidate, node, own, { ...situation, running })),
    );
    const choice = pick(possible, chance());
    if (choice === undefined) break;
    choices.push(choice);
    targets = targets.filter((node) => node !== choice.node);
    candidates = candidates.filter((candidate) => candidate !== choice.candidate);
    running -= choice.candidate.demand;
  }
  return choices;
}

/** Of choices that are about as good: a guest that comes home, another guest, any. */
const PREFERENCES: readonly ((choice: Choice) => boolean)[] = [
  ({ candidate, node }) => candidate.guest?.home === node.address,
  ({ candidate }) => candidate.guest !== undefined,
  () => true,
];

function pick(choices: readonly Choice[], chance: number): Choice | undefined {
  const most = choices.reduce((best, { gain }) => Math.max(best, gain), 0);
  const good = choices.filter(({ gain }) => gain >= AS_GOOD * most);
  const preferred = PREFERENCES.map((isPreferred) => good.filter(isPreferred)).find(
    ({ length }) => length > 0,
  );
  return preferred?.[Math.floor(chance * preferred.length)];
}

/**
 * A process is expected to need as much processor time as it has used: Harchol-Balter and Downey, Exploiting Process
 * Lifetime Distributions for Dynamic Load Balancing, 1997. A process that shares its processor with many others has used
 * little, and may be long all the same: it is expected to need no less than a candidate has wanted.
 */
function weigh(
  candidate: Candidate,
  node: NodeView,
  own: NodeView,
  { nodes, running, ledger, now }: Situation,
): Choice[] {
  const { used, memory, guest } = candidate;
  const home = nodes.find(({ address }) => address === (guest?.home ?? own.address));
  if (!mayRunOn(node.processor ?? 0, home?.processor ?? 0)) return [];
  // Home takes its own also where it takes no guests.
  if (node.address !== guest?.home && !takesGuests(node)) return [];
  const expected = ledger.expectedOn(node);
  if (ledger.isRefused(candidate, node.address, now) || !(node.memoryFree - expected.memory > memory))
    return [];
  const work = Math.max(used, LEAST_WANTED) * rateOn(own, 1);
  const here = work / rateOn(own, running);
  const move = ledger.moveSeconds + memory / MEMORY_A_SECOND;
  const most = here / MARGIN - move;
  const there = work / rateOn(node, runningOn(node) + expected.processes + 1);
  if (!(there <= most)) return [];
  const room = { running: (node.cpus * (node.speed / STANDARD_SPEED) * most) / work, memory };
  return [{ candidate, node, gain: here - move - there, room }];
}
