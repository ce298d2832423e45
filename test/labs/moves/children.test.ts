/** Children of a moved process that outlive it go on, as at home, with criu(8) itself. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readOptional } from "../../../system/files.ts";
import { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { until } from "../../lib/until.ts";
import { copyCriu } from "../cluster/criu.ts";

let folder = "";
let nodes: ThreeNodes;
beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/children-");
  nodes = await ThreeNodes.start(await copyCriu(join(folder, "criu")), true);
}, 120_000);
afterAll(async () => {
  await nodes?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function pidOf(pattern: RegExp): Promise<number> {
  const find = () =>
    nodes
      .node(1)
      .pids.find((pid) => pattern.test((readOptional(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ")));
  await until(() => find() !== undefined);
  return find()!;
}

const jobsOf = async () => (await nodes.clump(1, "clump", "jobs")).said;

test.each([
  ["which share the output of its shell", ""],
  ["which have files of their own alone", ">/dev/null 2>&1"],
])(
  "%s",
  async (name, redirection) => {
    const [out, own] = [join(folder, `out ${name}`), join(folder, `own ${name}`)];
    const late = `until [ -e "${own}.go" ]; do sleep 0.1; done; echo late; echo done >"${own}"`;
    const root = `(${late}) ${redirection} & until [ -e "${own}.end" ]; do sleep 0.1; done; exit 5`;
    const script = `exec </dev/null >>"$0" 2>&1; sh -c '${root}'; echo status $?; exec sleep 1`;
    const shell = Bun.spawn(nodes.onAlone(1, "bash", "-c", script, out), {
      stdio: ["ignore", "ignore", "ignore"],
    });
    await nodes.migrate(await pidOf(/^sh -c \(until/), "2");
    await Bun.write(`${own}.end`, "");
    await shell.exited;
    expect(readOptional(out)).toBe("status 5\n");
    // Longer than a node waits for a link before it asks the home.
    await Bun.sleep(3_000);
    expect(await jobsOf()).toMatch(/^\d+ +sh +on 2 /m);
    await nodes.node(1).killDaemon();
    await until(() => nodes.node(1).listens);
    await Bun.write(`${own}.go`, "");
    await until(() => readOptional(own) === "done\n");
    await until(async () => (await jobsOf()).includes("no process"));
    expect(readOptional(out)).toBe(redirection === "" ? "status 5\nlate\n" : "status 5\n");
  },
  90_000,
);
