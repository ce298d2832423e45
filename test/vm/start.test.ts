import { expect, test } from "bun:test";

const START = ["node_modules/.bin/bun", "assets/start.ts"];

async function start(...words: string[]) {
  const child = Bun.spawn([...START, ...words], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, complaint, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { output, complaint, code };
}

test("npm start -- --mode safe has nothing to wait for but the mode", async () => {
  const { output, complaint, code } = await start("--mode", "safe", "--memory", "256", "--append", "quiet");
  expect(complaint).not.toContain("Cannot");
  expect(output).toMatch(/^mode +Safe$/m);
  expect(output).not.toMatch(/^node /m);
  expect(code).toBe(0);
});

test("npm start exits 1 with the reason when the node is not configured", async () => {
  const { complaint, code } = await start("--nic", "none");
  expect(complaint).toMatch(/^Cannot configure the node: --nic none .*\n$/);
  expect(code).toBe(1);
});

test("npm start exits 1 at once for a value it does not know, and says which it does", async () => {
  const { complaint, code } = await start("--mode", "server");
  expect(complaint).toMatch(/clumpos.*novnc.*expert.*safe/);
  expect(code).toBe(1);
});

test("npm start on a terminal shows the node there; ESC ends it", async () => {
  let shown = "";
  const footer = Promise.withResolvers<void>();
  const countdown = Promise.withResolvers<void>();
  const decoder = new TextDecoder();
  const child = Bun.spawn(START, {
    terminal: {
      cols: 80,
      rows: 24,
      data(_terminal, bytes) {
        shown += decoder.decode(bytes, { stream: true });
        if (shown.includes("shut this node down")) footer.resolve();
        if (shown.includes("shuts down in")) countdown.resolve();
      },
    },
  });
  await Promise.race([footer.promise, child.exited]);
  child.terminal?.write("\x1b");
  await Promise.race([countdown.promise, child.exited]);
  child.terminal?.write("\x1b");
  expect(await child.exited).toBe(0);
  expect(shown).toContain("Ctrl-A, then x");
  expect(shown).toContain("10.0.2.15");
});
