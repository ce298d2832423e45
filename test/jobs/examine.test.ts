import { afterAll, afterEach, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examine } from "../../cluster/migration/examination/examine.ts";
import { childrenOf } from "../../probes/processes/process.ts";
import { until } from "../lib/until.ts";

const LOOKS = 60;

const folder = mkdtempSync(join(tmpdir(), "examine-"));
const running: Bun.Subprocess[] = [];
const opened: number[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  for (const file of opened.splice(0)) closeSync(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A shell that shares the file of its output with this test. */
function start(script: string): Bun.Subprocess {
  const output = openSync(join(folder, "output"), "a");
  const child = Bun.spawn(["sh", "-c", script], { stdio: ["ignore", output, "ignore"] });
  running.push(child);
  opened.push(output);
  return child;
}

test.each<[string, string]>([
  ["end", "while :; do /bin/true; done"],
  ["end, with pipes to them", "while :; do x=$(/bin/echo word); done"],
  ["end beside others", "sleep 60 & while :; do /bin/true; done"],
])(
  "children that begin while a process is looked at, and %s, keep it at home for nothing",
  async (_, script) => {
    const child = start(script);
    await until(() => childrenOf("", child.pid).length > 0, { look: 1 });
    for (let look = 0; look < LOOKS; look++) {
      const { refusals, relays } = examine(child.pid);
      expect(refusals).toEqual([]);
      expect(relays).toEqual([{ fd: 1, mode: "w", key: join(folder, "output").slice(1) }]);
    }
  },
);
