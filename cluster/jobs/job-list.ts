import type { Members } from "./members.ts";
import type { AwayJob, GuestRecord } from "./record.ts";
import type { JobView } from "./request.ts";

/** The jobs that user `uid` may see: those of his own that are away, for root all, and the guests. */
export function listJobs(
  uid: number,
  away: readonly AwayJob[],
  guests: readonly GuestRecord[],
  members: Pick<Members, "at">,
): JobView[] {
  const numberOf = (address: string) => members.at(address)?.id ?? 0;
  const seconds = (since: number) => Math.max(0, Math.round((Date.now() - since) / 1_000));
  const own = away
    .filter((job) => uid === 0 || job.uid === uid)
    .map((job) => ({
      ...{ kind: "away" as const, pid: job.pid, name: job.name, uid: job.uid, moves: job.moves },
      ...{ node: numberOf(job.node), address: job.node, seconds: seconds(job.since) },
    }));
  if (uid !== 0) return own;
  const present = guests.map(({ order, name, home, since, pid, stage }) => ({
    ...{ kind: "guest" as const, pid: order.pid, name, node: numberOf(home) },
    ...{ address: home, seconds: seconds(since), supervisor: pid },
    ...(stage === "runs" && order.history !== undefined && { history: order.history }),
  }));
  return [...own, ...present];
}
