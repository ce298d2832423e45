/** A machine may be a container: what its PID namespace changes is to be seen on every machine. */

import { expect, test } from "bun:test";

// Numbers are small there, and the session of what it runs is 0: it is outside. Its group is 0 too, or in the namespace.
test.each([
  ["the group from outside", []],
  ["the group of another process within", ["bash", "-c", 'set -m; ("$@"; exit)', "bash"]],
])("within a PID namespace a process moves, with %s", async (_, shell) => {
  const one = ["test/labs/steps/kills.test.ts", "-t", "daemon of the home is killed while home is away"];
  const within = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", ...shell];
  const child = Bun.spawn([...within, process.execPath, "test", "--timeout=60000", ...one], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [, words] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect(words).toContain(" 1 pass\n");
});
