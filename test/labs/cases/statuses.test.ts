/** Every exit status, of jobs on two other nodes, and what shells see of many jobs at once. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { until } from "../../lib/until.ts";
import { Shells } from "./shells.ts";
import { Slots } from "./slots.ts";

const STATUSES = Array.from({ length: 256 }, (_, status) => status);
const AT_ONCE = 16;
/** As many as a node sends by itself. */
const MOVES_AT_ONCE = 4;

let shells: Shells;
beforeAll(async () => {
  shells = await Shells.start();
}, 120_000);
afterAll(async () => await shells?.stop());

/** A job prints this much, wherever it runs. */
const reference = (...words: readonly string[]) => Bun.spawnSync([shells.work, ...words]).stdout.toString();

/** Moves all processes of node 1 whose arguments match to nodes 2 and 3, in turn. */
async function moveAll(pattern: RegExp, count: number): Promise<void> {
  const slots = new Slots(MOVES_AT_ONCE);
  const pids = await shells.pidsOf(pattern, count);
  const places = ["2", "3"];
  await Promise.all(
    pids.map((pid, index) => slots.use(() => shells.nodes.migrate(pid, places[index % places.length]!))),
  );
}

test("a shell gets each status from 0 to 255, of jobs that end elsewhere", async () => {
  const said: string[] = [];
  for (const from of STATUSES.filter((status) => status % AT_ONCE === 0)) {
    const go = join(shells.folder, `go.${from}`);
    const jobs = `for n in {${from}..${from + AT_ONCE - 1}}; do ${shells.work} 2 1 $n status 1024 ${go} >/dev/null & p="$p $!"; done`;
    const { out, shell } = shells.run(`${jobs}; for q in $p; do wait $q; echo $?; done`);
    await moveAll(new RegExp(`work 2 1 \\d+ status 1024 ${go}$`), AT_ONCE);
    await Bun.write(go, "");
    await shell.exited;
    said.push(...shells.read(out).trim().split("\n"));
  }
  expect(said.map(Number)).toEqual(STATUSES);
}, 240_000);

test("eight jobs append to one log from three nodes, and no line is lost or torn", async () => {
  const go = join(shells.folder, "go.log");
  const job = (name: string) => `${shells.work} 40 1 0 ${name} 1024 ${go} >>log &`;
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const { shell } = shells.run(`${names.map(job).join(" ")} wait; sort log >sorted`);
  await moveAll(/^\S*work 40 1 0 [a-f] 1024 \S+$/, 6);
  await Bun.write(go, "");
  expect(await shell.exited).toBe(0);
  const wanted = names.map((name) => reference("40", "1", "0", name)).join("");
  expect(shells.read(join(shells.folder, "sorted")).trim().split("\n")).toEqual(
    wanted.trim().split("\n").sort(),
  );
}, 60_000);

test.each([
  ["nohup", "nohup WORK >logs.nohup 2>&1 &", "nohup: ignoring input\n"],
  ["a shell that ignores SIGHUP", "(trap '' HUP; exec WORK >logs.shell 2>&1) &", ""],
])(
  "%s lets a job go on that is away when its shell ends and its terminal goes",
  async (how, line, first) => {
    const name = how.split(" ").at(0) === "nohup" ? "nohup" : "shell";
    const go = join(shells.folder, `go.${name}`);
    const terminal = shells.terminal();
    await terminal.expect(/\$ $/);
    await terminal.enter(line.replace("WORK", `${shells.work} 20 1 0 ${name} 1024 ${go}`), /\[1\] \d+/);
    await shells.nodes.migrate(await shells.pidOf(new RegExp(`^\\S*work 20 1 0 ${name} 1024`)), "2");
    terminal.type("exit\r");
    await terminal.ended;
    terminal.close();
    await Bun.write(go, "");
    await until(async () => (await shells.nodes.clump(1, "clump", "jobs")).said.includes("no process"));
    expect(shells.read(join(shells.folder, `logs.${name}`))).toBe(first + reference("20", "1", "0", name));
  },
  60_000,
);
