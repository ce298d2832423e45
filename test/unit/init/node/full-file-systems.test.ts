import { expect, test } from "bun:test";
import { FullFileSystems, type Space } from "../../../../init/node/full-file-systems.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

const MEGABYTE = 2 ** 20;

function bench() {
  const space: Record<string, Space> = {
    "/": { total: 180 * MEGABYTE, free: 90 * MEGABYTE },
    "/tmp": { total: 100 * MEGABYTE, free: 100 * MEGABYTE },
  };
  const log = new FakeLog();
  let changes = 0;
  const watched = new FullFileSystems({
    ...{ paths: ["/", "/tmp", "/gone"], log },
    changed: () => {
      changes += 1;
    },
    spaceOf(path) {
      if (space[path] === undefined) throw new Error("no such file or directory");
      return space[path];
    },
  });
  return { space, log, watched, changes: () => changes };
}

test("names a full file system once, and says when it has room again", () => {
  const { space, log, watched, changes } = bench();
  const problem = "/tmp is full: all of its 100 MB are used, delete files there";
  watched.look();
  expect([watched.problems(), changes()]).toEqual([[], 0]);
  space["/tmp"] = { total: 100 * MEGABYTE, free: MEGABYTE - 1 };
  watched.look();
  watched.look();
  expect([watched.problems(), changes(), log.lines]).toEqual([[problem], 1, [`warn: ${problem}`]]);
  space["/tmp"] = { total: 100 * MEGABYTE, free: MEGABYTE };
  watched.look();
  expect([watched.problems(), changes()]).toEqual([[], 2]);
  expect(log.lines.at(-1)).toBe("info: /tmp has room again");
});

test("reads the space of real file systems", () => {
  const log = new FakeLog();
  const watched = new FullFileSystems({ paths: ["/"], log, changed: () => {} });
  watched.look();
  expect(watched.problems().length).toBeLessThanOrEqual(1);
});
