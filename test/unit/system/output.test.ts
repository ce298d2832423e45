import { expect, test } from "bun:test";
import { join } from "node:path";

const PROGRAM = join(import.meta.dir, "../../../init/main.ts");

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
