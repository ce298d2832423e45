/** Each line of docs/getting-started.md that boots a cluster is typed as written into a fresh clone, and each for a node into a node. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneCluster } from "../../lib/cluster.ts";
import { Clone } from "../../lib/newcomer/clone.ts";
import { type Answers, CLUSTER_LINES, NODE_LINES, succeeds } from "../../lib/newcomer/getting-started.ts";
import { SHOWN_SECONDS, Terminal } from "../../lib/newcomer/terminal.ts";
import { until } from "../../lib/until.ts";
import { type Browser, startBrowser } from "../../web/browser.ts";

const BROWSER_LINE = "npm start -- expert --nodes 3 --open";
const BOOT_SECONDS = 300;
/** Until a job of --demo runs elsewhere: it shows itself for some seconds, and its move takes as many. */
const SPREAD_SECONDS = 180;
const REDRAW_MILLISECONDS = 5_000;

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
}, 120_000);

afterAll(() => clone?.[Symbol.dispose]());

const ANSWERS: Answers = {
  async "npm start -- --nodes 3"(line) {
    const { output } = await succeeds(clone, line);
    expect(output).toMatch(/^address +192\.168\.1\.1\/24 on eth0$/m);
    expect(output).toMatch(/^sees +node 2 \(192\.168\.1\.2\)\nsees +node 3 \(192\.168\.1\.3\)$/m);
  },
  async "npm start -- --nodes 3 --demo"(line) {
    await using terminal = new Terminal(clone, line);
    await terminal.sees("shut this node down", BOOT_SECONDS);
    terminal.type("j");
    // Ctrl-L: a screen that is drawn anew has the words whole.
    const redraw = setInterval(() => terminal.type("\x0c"), REDRAW_MILLISECONDS);
    await terminal.sees(/on node [23]/, SPREAD_SECONDS).finally(() => clearInterval(redraw));
  },
  [BROWSER_LINE]: openBrowser,
};

test("the document has each line that is asked more than to succeed", () => {
  expect(NODE_LINES).toContain("clump demo load 60");
  expect(CLUSTER_LINES.toSorted()).toEqual(Object.keys(ANSWERS).toSorted());
});

test.each(CLUSTER_LINES)("docs/getting-started.md: %s", async (line) => {
  await using _ = await oneCluster();
  await ANSWERS[line]?.(line);
});

/** The share of its processors that the node itself uses, in percent, as its row on the page says and its bar shows. */
const BUSY = `Number.parseFloat(document.querySelector("#rows .self td.busy").innerText)`;
/** The page calls a node calm below the one, and full above the other. */
const CALM = 60;
const FULL = 90;

/** `--open` starts a program with the address, here a script that writes it down for Chromium. */
async function openBrowser(line: string): Promise<void> {
  const opened = join(clone.path, "opened");
  const program = `${opened}.sh`;
  rmSync(opened, { force: true });
  writeFileSync(program, `#!/bin/sh\necho "$1" > "${opened}.new" && mv "${opened}.new" "${opened}"\n`);
  chmodSync(program, 0o755);
  await using terminal = new Terminal(clone, line, { BROWSER: program });
  await until(() => existsSync(opened), { within: BOOT_SECONDS });
  await terminal.sees("# ", BOOT_SECONDS);
  const url = readFileSync(opened, "utf8").trim();
  await using browser = await startBrowser();
  await browser.resize(1440, 900);
  expect(await browser.open(url, new URL(url).password)).toBe(200);
  const addresses = `[...document.querySelectorAll("#rows tr")].map(({ innerText }) => /192\\.168\\.1\\.\\d/.exec(innerText)?.[0])`;
  const wanted = JSON.stringify([1, 2, 3].map((id) => `192.168.1.${id}`));
  // The first node may answer long before the others have booted.
  await until(async () => JSON.stringify(await browser.evaluate(addresses)) === wanted, {
    within: BOOT_SECONDS,
  });
  for (const each of NODE_LINES) await typeOnNode(terminal, each, browser);
  expect(browser.complaints).toEqual([]);
}

async function typeOnNode(terminal: Terminal, line: string, browser: Browser): Promise<void> {
  const isLoad = line.startsWith("clump demo load");
  const busy = () => browser.evaluate<number>(BUSY);
  // What the boot left behind must be over before a load can be told from it.
  if (isLoad) await until(async () => (await busy()) < CALM, { within: SHOWN_SECONDS });
  terminal.type(`${line}\n`);
  if (line === "menu") {
    await terminal.sees("What do you want to do?");
    terminal.type("q");
    // What is typed before the prompt may be taken by the question for the terminal's size.
    await terminal.sees("# ");
  } else if (isLoad) {
    await terminal.sees("Ctrl-C ends it");
    await until(async () => (await busy()) > FULL, { within: SHOWN_SECONDS });
    terminal.type("\x03");
    await terminal.sees("# ");
    return;
  }
  terminal.type("echo stat''us $?\n");
  await terminal.sees("status 0");
}
