import { expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { SlurmState } from "../../../../init/node/slurm-state.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

const STATUS = {
  version: "7",
  hostname: "x",
  mode: "Expert",
  nics: [],
  problems: [],
  warnings: [],
  node: 77,
};
const REQUEST = { controllers: "ctl", leave: "requeue" } as const;

function watch(path: string) {
  const { log } = fakeMachine(path);
  const stop = new AbortController();
  new SlurmState({ root: path, request: REQUEST, log, changed: () => {} }).watch(stop.signal);
  return { log, stop };
}

test("a node of Slurm finds the munge key of its cluster key, and its features once it has its number", async () => {
  using root = makeRoot({ "/etc/clump.key": "the key\n" });
  const { stop } = watch(root.path);
  const key = `${root.path}/run/slurm/munge.key`;
  while (!existsSync(key)) await Bun.sleep(10);
  expect(readFileSync(key, "utf8")).toHaveLength(1_024);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const features = `${root.path}/run/slurm/features`;
  expect(existsSync(features)).toBe(false);
  root.write({ "/run/clump/status.json": JSON.stringify(STATUS) });
  while (!existsSync(features)) await Bun.sleep(10);
  expect(readFileSync(features, "utf8")).toMatch(/^clump,.*node77\n$/);
  stop.abort();
});

test("a node of Slurm without a cluster key has no munge key of it", async () => {
  using root = makeRoot();
  const { log, stop } = watch(root.path);
  await Bun.sleep(50);
  expect(existsSync(`${root.path}/run/slurm/munge.key`)).toBe(false);
  expect(log.lines).toEqual([]);
  stop.abort();
});
