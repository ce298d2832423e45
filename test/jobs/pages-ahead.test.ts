import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { findWhole, PagesAhead } from "../../cluster/migration/pages-ahead.ts";
import type { Passage } from "../../cluster/migration/passage.ts";
import { until } from "../lib/until.ts";
import { Bed } from "./bed.ts";

const MEGABYTE = Buffer.alloc(2 ** 20);

let bed: Bed;
beforeEach(() => {
  bed = new Bed();
});
afterEach(() => bed.remove());

test("pages go ahead once nobody writes them any more, and nothing else does", () => {
  const file = openSync(join(bed.folder, "pages-1.img"), "w");
  expect(findWhole(bed.folder, process.pid)).toEqual([]);
  writeSync(file, MEGABYTE);
  expect(findWhole(bed.folder, process.pid)).toEqual([]);
  closeSync(file);
  writeFileSync(join(bed.folder, "pages-2.img"), "small");
  writeFileSync(join(bed.folder, "core-42.img"), MEGABYTE);
  expect(findWhole(bed.folder, process.pid)).toEqual(["pages-1.img"]);
});

test("pages that a child of criu(8) writes are not whole either", async () => {
  const path = join(bed.folder, "pages-1.img");
  const writes = bed.script("writes", 'head -c 1M /dev/zero >&3; echo >"$0.done"; read -r word <&0');
  await using child = Bun.spawn(["sh", "-c", `sh ${writes} 3>${path}; exit 0`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  await until(() => Bun.file(`${writes}.done`).size > 0);
  expect(findWhole(bed.folder, child.pid)).toEqual([]);
  child.stdin.end();
  await child.exited;
  expect(findWhole(bed.folder, process.pid)).toEqual(["pages-1.img"]);
});

test("a move fails where pages have changed that are there already", async () => {
  const path = join(bed.folder, "pages-1.img");
  const sent: string[] = [];
  const passage = {
    sendAhead: async (_: string, name: string) => void sent.push(name),
  } as unknown as Passage;
  const ahead = new PagesAhead();
  writeFileSync(path, MEGABYTE);
  ahead.begin({ folder: bed.folder, criu: process.pid, passage });
  await until(() => sent.length > 0);
  writeFileSync(path, "more", { flag: "a" });
  ahead.end();
  expect(ahead.done()).rejects.toThrow("criu has written on in pages-1.img, which has been sent");
  await ahead.done().catch(() => {});
  expect(sent).toEqual(["pages-1.img"]);
});
