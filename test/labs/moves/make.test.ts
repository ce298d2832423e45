/** make -j8 of a C project with the gcc of this machine, whose compilers move by hand; with criu(8) itself. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { readLink } from "../../../probes/processes/process.ts";
import { reason } from "../../../system/log.ts";
import { busySource } from "../../jobs/busy-source.ts";
import { must } from "../../jobs/trial/lab-node.ts";
import { NUMBERS, ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { copyCriu } from "../cluster/criu.ts";

const SOURCES = Array.from({ length: 16 }, (_, index) => `f${index}`);
const OBJECTS = SOURCES.map((name) => `${name}.o`);
/** A compiler then has half a second of a processor, and some seconds beside seven others. */
const FUNCTIONS = 50;
/** Each source is another one. Every second compiler writes into a pipe, and the others into a file of /tmp. */
const MAKEFILE = `all: ${OBJECTS.join(" ")}
f%.o: f%.c
\tgcc -O2 $(if $(filter %1.c %3.c %5.c %7.c %9.c,$<),-pipe) -c $< -o $@
`;
/** Some compilers end before they are away. */
const LEAST_MOVED = 6;
/** Four times as long as it takes on a busy machine. */
const LONGEST_MILLISECONDS = 200_000;

let folder: string;
let nodes: ThreeNodes;
beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/make-");
  nodes = await ThreeNodes.start(await copyCriu(join(folder, "criu")), true);
  // The project is on node 1 alone: what a guest compiles it has from its home.
  must(nodes.on(1, "mount", "-t", "tmpfs", "project", "/mnt"));
  for (const [index, name] of SOURCES.entries())
    await Bun.write(
      `${nodes.node(1).root}/mnt/${name}.c`,
      `${busySource(FUNCTIONS + index)}int source = ${index};\n`,
    );
  await Bun.write(`${nodes.node(1).root}/mnt/Makefile`, MAKEFILE);
}, 120_000);
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs make on node 1; gives the sum of each object. */
async function make(): Promise<string[]> {
  must(nodes.on(1, "rm", "-f", ...OBJECTS.map((name) => `/mnt/${name}`)));
  // Bun's own pipes are sockets, which do not move.
  const script = "exec make -s -j8 -C /mnt </dev/null >/mnt/said 2>&1";
  const child = Bun.spawn(nodes.onAlone(1, "sh", "-c", script), { stdio: ["ignore", "ignore", "ignore"] });
  const code = await child.exited;
  expect({ code, said: readFileSync(`${nodes.node(1).root}/mnt/said`, "utf8") }).toEqual({
    code: 0,
    said: "",
  });
  return OBJECTS.map((name) =>
    createHash("sha256")
      .update(readFileSync(`${nodes.node(1).root}/mnt/${name}`))
      .digest("hex"),
  );
}

/** The compilers that run on node 1, the youngest last. */
const compilers = () =>
  nodes.node(1).pids.filter((pid) => basename(readLink(`/proc/${pid}/exe`) ?? "") === "cc1");

/** Moves compilers as they come, each once, until that is so; gives what became of each. */
async function moveUntil(isOver: () => boolean): Promise<string[]> {
  const tried = new Map<number, string>();
  while (!isOver()) {
    const pid = compilers().find((each) => !tried.has(each));
    if (pid === undefined) await Bun.sleep(20);
    else {
      const to = tried.size % 2 === 0 ? "2" : "3";
      tried.set(pid, await nodes.migrate(pid, to).then(() => "moved", reason));
    }
  }
  return [...tried.values()];
}

/** What runs and what the daemons have said, as an error, where make takes too long. */
async function state(): Promise<never> {
  await Bun.sleep(LONGEST_MILLISECONDS);
  const pids = NUMBERS.flatMap((number) => nodes.node(number).pids);
  const ps = Bun.spawnSync(["ps", "-o", "pid,ppid,stat,wchan:20,etime,args", "-p", pids.join()]);
  throw new Error(`make, or a move of a compiler, has not ended:\n${ps.stdout}${nodes.said(40)}`);
}

test(
  "make -j8 whose compilers move makes the objects of a make at home, byte for byte",
  async () => {
    const wanted = await make();
    expect(new Set(wanted).size).toBe(OBJECTS.length);
    let isOver = false;
    const made = make().finally(() => {
      isOver = true;
    });
    const [got, ends] = await Promise.race([Promise.all([made, moveUntil(() => isOver)]), state()]);
    expect(got).toEqual(wanted);
    console.log(ends);
    expect(ends.filter((end) => end === "moved").length).toBeGreaterThanOrEqual(LEAST_MOVED);
  },
  LONGEST_MILLISECONDS + 60_000,
);
