import { expect, test } from "bun:test";
import { runTool } from "../../../system/tool.ts";

const LONG = 60_000;
const sh = (script: string): string[] => ["/bin/sh", "-c", script];

test.each([
  ["one that succeeds", "echo yes", { ok: true, output: "yes\n" }],
  ["one that complains", "echo no >&2; echo so >&2; exit 3", { ok: false, complaint: "no, so" }],
  ["one that says nothing", "exit 3", { ok: false, complaint: "it ended with status 3" }],
])("runTool() says how a program ended: %s", async (_, script, said) => {
  expect(await runTool(sh(script), LONG)).toMatchObject(said);
});

test("runTool() says why a program cannot be run", async () => {
  expect(await runTool(["/absent"], LONG)).toMatchObject({
    ok: false,
    complaint: "no such file or directory (/absent)",
  });
});

test("runTool() does not wait for what its child has left running, and keeps what was said", async () => {
  const said = await runTool(sh("echo begun; sleep 20 & echo $! ; wait"), 1_000);
  const [word, pid] = said.output.split("\n");
  process.kill(Number(pid), "SIGKILL");
  expect(word).toBe("begun");
  expect(said).toMatchObject({ ok: false, complaint: "not done after 1 s" });
});
