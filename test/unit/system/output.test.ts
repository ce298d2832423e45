import { expect, test } from "bun:test";
import { join } from "node:path";

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

test("writeAll() writes on where the kernel took a part", async () => {
  const text = "x".repeat(1_000_000);
  const script = `${"import"} { writeAll } from ${JSON.stringify(OUTPUT)}; writeAll(1, "x".repeat(1_000_000));`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdio: ["ignore", "pipe", "pipe"] });
  expect((await child.stdout.text()) === text).toBe(true);
  expect(await child.exited).toBe(0);
}, 30_000);
