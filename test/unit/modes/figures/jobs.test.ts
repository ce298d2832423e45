import { describe, expect, test } from "bun:test";
import { describeJobs, describeJobTotals } from "../../../../modes/figures/jobs.ts";
import { describeJobNumbers } from "../../../../modes/figures/node-line.ts";
import { makeReport } from "../../cluster/moves.ts";
import { NODE } from "../../cluster/nodes.ts";

const NOW = 100_000;
const NODES = [2, 3].map((id) => ({ ...NODE, id, address: `10.0.0.${id}` }));

describe("describeJobs()", () => {
  test("says what is on its way, away, here, and what stays for which reason", () => {
    const lines = describeJobs(makeReport(NOW), NODES, NOW);
    const shown = lines.map(({ pid, name, whose, where, duration, moves, look }) =>
      [pid, name, whose, where, duration, moves, look].join("|"),
    );
    expect(shown).toEqual([
      "4713|work|root|moving to node 3|0 s|0|underway",
      "77|cc1|node 2|coming from node 2|1 min 3 s||underway",
      "4711|work|root|on node 2|1 min 3 s|1|away",
      "4712|work|ann|moving to node 3|1 min 3 s|2|underway",
      "76|cc1|node 2|here|1 min 3 s||guest",
      "4714|server|root|stays here: it uses a socket|8 s||stays",
    ]);
    expect(lines.map(({ moved }) => moved)).toEqual(["", "", "00:00:37", "00:00:37", "00:00:37", ""]);
  });

  test.each([
    ["Process #7 is unmovable: is stopped", "stays here: is stopped"],
    ["Cannot move process 7 to node 2: node 2 has become busy", "stays here: node 2: node 2 has become busy"],
    ["Process #7 is at home.", "stays here: Process #7 is at home."],
  ])("leaves out of %j what its line says already", (why, where) => {
    const report = { ...makeReport(NOW), jobs: [], stays: [{ ...makeReport(NOW).stays[0]!, why }] };
    expect(describeJobs(report, NODES, NOW).map((line) => line.where)).toEqual([where]);
  });

  test("has the address of a node that has no number here, and no time before the move", () => {
    const report = { ...makeReport(NOW), stays: [] };
    const [line] = describeJobs({ ...report, jobs: report.jobs.slice(2) }, [], NOW - 1_000_000);
    expect(line).toMatchObject({ where: "on 10.0.0.2", duration: "0 s" });
  });
});

test("describeJobTotals() counts each process once", () => {
  expect(describeJobTotals(makeReport())).toBe("3 on their way, 1 away, 1 guest, 1 stays");
  expect(describeJobTotals({ ...makeReport(), jobs: [], stays: [] })).toBe("0 away, 0 guests");
});

test("describeJobNumbers() says nothing of a node without guests, or of an older one", () => {
  expect(describeJobNumbers({})).toEqual([]);
  expect(describeJobNumbers({ guests: 0, away: 0 })).toEqual([]);
  expect(describeJobNumbers({ guests: 1, away: 2 })).toEqual(["1 guest, 2 processes away"]);
  expect(describeJobNumbers({ guests: 0, away: 1 })).toEqual(["0 guests, 1 process away"]);
});
