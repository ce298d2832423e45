/** What a process may have: each case moves with it and is right, or stays with the reason and is right at home. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../lib/until.ts";
import { CASE_SOURCES, MOVING, STAYING } from "./cases.ts";
import { Setting, stateOf } from "./setting.ts";

const RIGHT = { out: "right\n", status: 3 };

let setting: Setting;
let program = "";
beforeAll(async () => {
  setting = await Setting.start();
  program = setting.compile("case", CASE_SOURCES);
}, 120_000);
afterAll(async () => await setting?.stop());

/** Starts that case, and waits until it has what it is to have. */
async function start(name: string) {
  const folder = setting.folder();
  const { ended, child } = setting.start(`exec ${program} ${name}`, folder);
  await until(() => existsSync(join(folder, "here")), { look: 20 });
  const end = async () => {
    setting.go(folder);
    const { out, status } = await ended;
    return { out, status };
  };
  return { pid: child.pid, folder, end };
}

async function move(name: string) {
  const { pid, end } = await start(name);
  const state = await setting.pair.move(pid);
  return { state, ...(await end()) };
}

describe("a process moves with", () => {
  test.each(Object.entries(MOVING).map(([name, what]) => [what, name]))("%s", async (_, name) => {
    expect(await move(name)).toEqual({ state: { at: "AWAY" }, ...RIGHT });
  });
});

describe("a process stays at home, unharmed, with", () => {
  const cases = Object.entries(STAYING).map(([name, [what, why]]) => [what, name, why] as const);
  test.each(cases)("%s", async (_, name, why) => {
    const { state, ...end } = await move(name);
    expect(state).toEqual({ at: "HOME", reason: expect.stringContaining(why) });
    expect(end).toEqual(RIGHT);
  });
});

test("a process that is stopped stays at home, stopped", async () => {
  const { pid, end } = await start("program");
  process.kill(pid, "SIGSTOP");
  await until(() => stateOf(pid) === "T", { look: 5 });
  expect(await setting.pair.move(pid)).toEqual({ at: "HOME", reason: "is stopped" });
  expect(stateOf(pid)).toBe("T");
  process.kill(pid, "SIGCONT");
  expect(await end()).toEqual(RIGHT);
});

test("a deputy does not move as a process of its own", async () => {
  const { pid, end } = await start("program");
  expect(await setting.pair.move(pid)).toEqual({ at: "AWAY" });
  expect(await setting.pair.move(pid)).toEqual({ at: "HOME", reason: "is away already" });
  expect(await end()).toEqual(RIGHT);
});
