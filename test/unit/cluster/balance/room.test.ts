import { expect, test } from "bun:test";
import { isRoom, Rooms } from "../../../../cluster/balance/room.ts";
import { NODE } from "../nodes.ts";

const IDLE = { ...NODE, id: 2, cpus: 1, load: 0, busy: 0, memoryFree: 100 };

test("a processor is promised once, until the load of the node counts the guest", () => {
  const rooms = new Rooms();
  expect(rooms.promise({ running: 1, memory: 10 }, IDLE, 0)).toBeUndefined();
  expect(rooms.promise({ running: 1, memory: 10 }, IDLE, 1)).toBe("node 2 has become busy meanwhile");
  expect(rooms.promise({ running: 2.5, memory: 10 }, IDLE, 1)).toBeUndefined();
  expect(rooms.promise({ running: 1, memory: 10 }, IDLE, 6)).toBeUndefined();
  expect(rooms.promise({ running: 2, memory: 10 }, { ...IDLE, busy: 1, load: 2 }, 20)).toBe(
    "node 2 has become busy meanwhile",
  );
});

test("memory is promised once", () => {
  const rooms = new Rooms();
  expect(rooms.promise({ running: 9, memory: 60 }, IDLE, 0)).toBeUndefined();
  expect(rooms.promise({ running: 9, memory: 60 }, IDLE, 1)).toBe("node 2 has no memory for it any more");
  expect(rooms.promise({ running: 9, memory: 60 }, IDLE, 5)).toBeUndefined();
});

test.each([
  [{ running: 1.5, memory: 0 }, true],
  [{ running: "1", memory: 0 }, false],
  [{ running: Number.NaN, memory: 0 }, false],
  [{ running: 1 }, false],
  [null, false],
])("isRoom(%j) is %p", (value, answer) => {
  expect(isRoom(value)).toBe(answer);
});
