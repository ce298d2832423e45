/** A report on moves for tests. */

import type { MovesReport } from "../../../cluster/moves-report.ts";

const SECOND = 1_000;

/** Node 1 of nodes.ts: a process on its way to node 3, two that are away, a guest that comes and one that is here. */
export function makeReport(now = 100 * SECOND): MovesReport {
  const job = { user: "root", address: "10.0.0.2", since: now - 63 * SECOND, moves: 1 };
  return {
    jobs: [
      {
        ...job,
        kind: "leaving",
        pid: 4713,
        name: "work",
        address: "10.0.0.1",
        next: "10.0.0.3",
        moves: 0,
        since: now,
      },
      { ...job, kind: "arriving", pid: 77, name: "cc1", user: "" },
      { ...job, kind: "away", pid: 4711, name: "work" },
      { ...job, kind: "away", pid: 4712, name: "work", user: "ann", next: "10.0.0.3", moves: 2 },
      { ...job, kind: "guest", pid: 76, name: "cc1", user: "", moves: 0 },
    ],
    stays: [{ pid: 4714, name: "server", user: "root", why: "it uses a socket", at: now - 8 * SECOND }],
    counts: {
      outcomes: { away: 3, onward: 1, home: 2, stayed: 4, lost: 0 },
      refusals: { wish: 0, node: 1, processor: 0, memory: 0, room: 1, process: 2 },
      freezes: { buckets: [1, 2, 4, 5, 5, 6, 6, 6], sum: 1.75, count: 6 },
      bytesSent: 12_345_678,
    },
  };
}
