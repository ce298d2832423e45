import { expect, test } from "bun:test";
import { join } from "node:path";
import { makeRoot } from "../../fixtures/root.ts";

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");
const OUTPUT = join(import.meta.dir, "../../../system/output.ts");

test("a program whose reader has gone says nothing of it", async () => {
  const script = `"$@" | :; printf %s "\${PIPESTATUS[0]}"`;
  const command = [
    "bash",
    "-c",
    script,
    "bash",
    process.execPath,
    PROGRAM,
    "clumpview",
    "--json",
    "--demo",
    "9",
  ];
  const child = Bun.spawn(command, { stdio: ["ignore", "pipe", "pipe"] });
  expect([await child.stdout.text(), await child.stderr.text()]).toEqual(["0", ""]);
}, 30_000);

test("writeAll() writes on where the kernel took a part, and so meets the error of the rest", async () => {
  using folder = makeRoot({});
  const code = `${"import"} { writeAll } from ${JSON.stringify(OUTPUT)}; writeAll(1, "x".repeat(1_500));`;
  // With a limit of 1,024 bytes a file takes 1,024 bytes of a write, and no byte of the next.
  const script = 'trap "" XFSZ; ulimit -f 1; exec "$@" >"$0"';
  const command = ["bash", "-c", script, `${folder.path}/out`, process.execPath, "-e", code];
  const child = Bun.spawn(command, { stdio: ["ignore", "ignore", "pipe"] });
  expect(await child.stderr.text()).toContain("EFBIG");
  expect(await child.exited).toBe(1);
}, 30_000);
