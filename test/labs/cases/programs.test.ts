/** Real programs move, with the results of runs at home. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../lib/until.ts";
import { Setting, write } from "./setting.ts";

const NUMBERS = 6_600_000;
const MEGABYTES = 500;

let setting: Setting;
let list = "";
beforeAll(async () => {
  setting = await Setting.start();
  list = join(setting.folder(), "list");
  Bun.spawnSync(["sh", "-c", `seq ${NUMBERS} >${list}`]);
}, 120_000);
afterAll(async () => await setting?.stop());

test.each([1, 2])(
  "xz -T%d of 50 MB",
  async (threads) => {
    const script = `xz -1 -T${threads} --block-size=8MiB <${list} >x; echo $?; md5sum <x`;
    const wanted = await setting.reference(script);
    const folder = setting.folder();
    const { ended } = setting.start(script, folder);
    const started = () => existsSync(join(folder, "x")) && readFileSync(join(folder, "x")).length > 0;
    await until(started, { look: 20 });
    await setting.moveAway(/^xz -1 -T/, folder);
    expect(await ended).toMatchObject(wanted);
  },
  120_000,
);

/** Timers, files, and the collector of garbage. */
const BUN = `
import { existsSync } from "node:fs";
let sum = "", kept = [];
for (let turn = 0; turn < 400 || !existsSync("go"); turn++) {
  if (turn < 400) sum = new Bun.CryptoHasher("sha256").update(sum + turn).digest("hex");
  kept.push({ turn, text: "x".repeat(1_000) });
  if (kept.length > 1_000) kept = [];
  await Bun.sleep(1);
}
console.log(sum, await Bun.file("s.ts").text().then((text) => text.length));
process.exit(7);
`;

test("bun", async () => {
  const script = `exec ${process.execPath} s.ts`;
  const run = async (moves: boolean) => {
    const folder = setting.folder();
    write(folder, "s.ts", BUN);
    const { ended } = setting.start(script, folder);
    if (moves) await setting.moveAway(/ s\.ts$/, folder);
    setting.go(folder);
    const { out, status } = await ended;
    return { out, status };
  };
  const wanted = await run(false);
  expect(wanted.status).toBe(7);
  expect(await run(true)).toEqual(wanted);
}, 60_000);

test(`${MEGABYTES} MB, of which home holds less than 2 MB afterwards`, async () => {
  const folder = setting.folder();
  const job = `"$WORK" 2 ${MEGABYTES} 7 large 1024`;
  const { ended } = setting.start(`${job} "$GO"; echo $?`, folder);
  const pid = await setting.find(/work 2 500 7 large/);
  const resident = () => Number(/^Rss:\s+(\d+) kB$/m.exec(setting.read(`/proc/${pid}`, "smaps_rollup"))?.[1]);
  await until(() => resident() > MEGABYTES * 1_000, { look: 50 });
  await setting.moveAway(/work 2 500 7 large/);
  expect(resident()).toBeLessThan(2_000);
  setting.go(folder);
  expect((await ended).out).toBe((await setting.reference(`${job}; echo $?`)).out);
}, 120_000);
