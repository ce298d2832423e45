/** Made-up jobs of the demo's own node; the same second gives the same jobs. */

import { FREEZE_BOUNDS, type JobReport, type MovesReport } from "../../cluster/moves-report.ts";
import type { NodeView } from "../../cluster/view.ts";

const SECOND = 1_000;
/** Seconds that a job stays on a node, and seconds of its move. */
const STAY_SECONDS = 40;
const MOVE_SECONDS = 2;
const NAMES = ["cc1", "cc1", "povray", "work", "xz"];

/** `seconds` since the start of the own node, which is `now` in milliseconds since 1970. */
export function makeMoves(nodes: readonly NodeView[], seconds: number, now: number): MovesReport {
  const others = nodes.filter(({ isSelf, state }) => !isSelf && state === "up");
  const own = nodes.find(({ isSelf }) => isSelf);
  const jobs = own === undefined || others.length === 0 ? [] : NAMES.map((name, index) => away(name, index));
  const from = others[0];
  if (from !== undefined)
    jobs.push({ ...away("gzip", 7), kind: "guest", user: "", address: from.address, moves: 0 });
  return {
    jobs: jobs.toSorted((a, b) => Number(b.next !== undefined) - Number(a.next !== undefined)),
    stays: [{ pid: 1_900, name: "httpd", user: "root", why: STAYS, at: now - 77 * SECOND }].slice(
      0,
      jobs.length,
    ),
    counts: {
      outcomes: { away: jobs.length, onward: 2, home: 3, stayed: 1, lost: 0 },
      refusals: { wish: 0, node: 0, processor: 0, memory: 0, room: 0, process: 1 },
      freezes: { buckets: FREEZE_BOUNDS.map(() => jobs.length), sum: 0.04 * jobs.length, count: jobs.length },
      bytesSent: 4e6 * jobs.length,
    },
  };

  function away(name: string, index: number): JobReport {
    const time = seconds + 11 * index;
    const round = Math.floor(time / STAY_SECONDS);
    const since = now - (time % STAY_SECONDS) * SECOND;
    const place = (turn: number) => others[(turn + 3 * index) % others.length]!.address;
    const isMoving = time % STAY_SECONDS >= STAY_SECONDS - MOVE_SECONDS && others.length > 1;
    const next = isMoving && index < NAMES.length ? { next: place(round + 1) } : {};
    return {
      kind: "away",
      pid: 1_871 + 3 * index,
      name,
      user: "root",
      address: place(round),
      ...next,
      since,
      moves: 1 + round,
    };
  }
}

const STAYS = "Process #1900 is unmovable: uses a socket (socket:[18231])";

/** The nodes with the guests and the processes that are away of these jobs. */
export function countOnNodes(nodes: readonly NodeView[], { jobs }: MovesReport): NodeView[] {
  const numberOf = (kind: JobReport["kind"]) =>
    Map.groupBy(
      jobs.filter((job) => job.kind === kind),
      ({ address }) => address,
    );
  const [away, guests] = [numberOf("away"), numberOf("guest")];
  const sum = (by: ReadonlyMap<string, readonly JobReport[]>) =>
    [...by.values()].reduce((all, each) => all + each.length, 0);
  return nodes.map((node) => {
    const [here, gone] = [away.get(node.address)?.length ?? 0, guests.get(node.address)?.length ?? 0];
    return node.isSelf
      ? { ...node, guests: sum(guests), away: sum(away) }
      : { ...node, guests: here, away: gone };
  });
}
