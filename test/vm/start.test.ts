import { expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../lib/until.ts";
import { startBrowser } from "../web/browser.ts";

const BOOT_SECONDS = 200;
const SHOWN_SECONDS = 60;

/** How many processes run on the node itself, as its row on the page has it: the load is theirs for each standard processor. */
const RUNNING = `["load", "cpus", "speed"]
  .map((name) => Number(document.querySelector("#rows .self td." + name).innerText))
  .reduce((product, number) => product * number, 1e-4)`;
/** More than a node that does nothing ever runs. */
const MANY = 8;

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

test("npm start without a terminal boots, prints the summary, powers off and exits 0", async () => {
  const { output, complaint, code } = await start();
  expect(complaint).not.toContain("Cannot");
  expect(output).toMatch(/^mode +ClumpOS$/m);
  expect(output).toMatch(/^node +15$/m);
  expect(output).toMatch(/^address +10\.0\.2\.15\/24 on eth0$/m);
  expect(output).toMatch(/^NIC +\S+ 1af4:1000 virtio_net → eth0$/m);
  expect(output).toMatch(/^map +1 10\.0\.2\.1 254$/m);
  expect(code).toBe(0);
});

test("npm start -- --mode safe has nothing to wait for but the mode", async () => {
  const { output, complaint, code } = await start("--mode", "safe", "--memory", "256", "--append", "quiet");
  expect(complaint).not.toContain("Cannot");
  expect(output).toMatch(/^mode +Safe$/m);
  expect(output).not.toMatch(/^node /m);
  expect(code).toBe(0);
});

test("npm start -- --nodes 3 boots three nodes that see each other", async () => {
  const { output, complaint, code } = await start("--nodes", "3", "--memory", "384", "--cpus", "1");
  expect(complaint).not.toContain("Cannot");
  expect(output).toMatch(/^address +192\.168\.1\.1\/24 on eth0$/m);
  expect(output).toMatch(/^sees +node 2 \(192\.168\.1\.2\)\nsees +node 3 \(192\.168\.1\.3\)$/m);
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

test("npm start -- --nodes 2 --open opens the browser, which shows the load that somebody makes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "clump-open-"));
  const opened = join(folder, "url");
  const browserProgram = `${opened}.sh`;
  writeFileSync(browserProgram, `#!/bin/sh\necho "$1" > "${opened}.new" && mv "${opened}.new" "${opened}"\n`);
  chmodSync(browserProgram, 0o755);
  let shown = "";
  const child = Bun.spawn([...START, "expert", "--nodes", "2", "--memory", "384", "--cpus", "1", "--open"], {
    env: { ...process.env, BROWSER: browserProgram },
    terminal: {
      data: (_terminal, bytes) => {
        shown += bytes.toString();
      },
    },
  });
  try {
    await until(() => existsSync(opened) && shown.includes("# "), BOOT_SECONDS);
    const url = readFileSync(opened, "utf8").trim();
    await using browser = await startBrowser();
    await browser.resize(1440, 900);
    expect(await browser.open(url, new URL(url).password)).toBe(200);
    await browser.until(`document.querySelector("#rows .self th")?.innerText === "1"`);
    expect(await browser.evaluate<number>(RUNNING)).toBeLessThan(MANY);
    child.terminal?.write(`clump demo load 120 ${2 * MANY}\n`);
    await until(async () => (await browser.evaluate<number>(RUNNING)) > MANY, SHOWN_SECONDS);
    expect(browser.complaints).toEqual([]);
  } finally {
    // Ctrl-A, then x, ends the machine whatever its shell does.
    child.terminal?.write("\x01x");
    await child.exited;
    rmSync(folder, { recursive: true });
  }
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
