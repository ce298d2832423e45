import { expect, test } from "bun:test";
import { isWorthALook, rateOn, runningOn } from "../../../../cluster/balance/cost.ts";
import { STATUS } from "../../../../cluster/gossip/entry.ts";
import type { NodeView } from "../../../../cluster/view.ts";
import { NODE } from "../nodes.ts";

const IDLE = { ...NODE, cpus: 2, load: 0, busy: 0, heardUptime: 100 };
const BUSY = { ...IDLE, isSelf: true, load: 2, busy: 1 };

test("a load is per standard processor: the number of processes is that of all its processors", () => {
  expect(runningOn({ ...NODE, load: 1.5, busy: 1, cpus: 2, speed: 20_000 })).toBe(6);
  expect(rateOn({ cpus: 2, speed: 20_000 }, 1)).toBe(2);
  expect(rateOn({ cpus: 2, speed: 20_000 }, 8)).toBe(0.5);
});

test("the busy share of the last second counts before the load, which lags behind", () => {
  expect(runningOn({ ...NODE, load: 1.5, busy: 0.5, cpus: 2 })).toBe(1);
  expect(runningOn({ ...NODE, load: 0.3, busy: 1, cpus: 2 })).toBe(2);
});

test.each<[string, boolean, NodeView[]]>([
  ["another node is idle", true, [BUSY, IDLE]],
  ["each process has a processor", false, [{ ...BUSY, load: 1 }, IDLE]],
  ["mosctl stay holds its processes", false, [{ ...BUSY, status: 3 | STATUS.stay }, IDLE]],
  ["mosctl lstay holds its own, and not its guests", true, [{ ...BUSY, status: 3 | STATUS.lstay }, IDLE]],
  ["mosctl quiet holds its processes", false, [{ ...BUSY, status: 3 | STATUS.quiet }, IDLE]],
  ["the other node is busy too", false, [BUSY, { ...IDLE, busy: 1, load: 1.5 }]],
  ["the other node may be the home of a guest", true, [BUSY, { ...IDLE, status: 3 | STATUS.block }]],
  ["mosctl quiet of the other node keeps guests away", false, [BUSY, { ...IDLE, status: 3 | STATUS.quiet }]],
  ["the other node is in doubt", false, [BUSY, { ...IDLE, state: "suspect" }]],
  ["the other node was not heard of for long", false, [BUSY, { ...IDLE, heardUptime: 89 }]],
  ["the load of the other node is not known", false, [BUSY, { ...IDLE, load: Number.NaN }]],
  ["there is no other node", false, [BUSY]],
  ["this node takes part in no cluster", false, []],
])("a busy node looks at its processes where %s: %p", (_, answer, nodes) => {
  expect(isWorthALook(nodes, 100)).toBe(answer);
});
