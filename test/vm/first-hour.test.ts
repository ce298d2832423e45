/** docs/getting-started.md as a newcomer takes it: each line of its blocks is typed as written, into a fresh clone and into a node. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Clone, type Finished } from "../lib/clone.ts";
import { oneCluster } from "../lib/cluster.ts";
import { until } from "../lib/until.ts";
import { blockLines } from "../unit/documents.ts";
import { type Browser, startBrowser } from "../web/browser.ts";

const DOCUMENT = readFileSync("docs/getting-started.md", "utf8");
const BROWSER_LINE = "npm start -- expert --nodes 3 --open";
/** What is typed on this machine, and what in the shell of a node. */
const LINES = [...new Set(blockLines(DOCUMENT, "sh"))];
const NODE_LINES = blockLines(DOCUMENT, "sh node");

const BOOT_SECONDS = 300;
const SHOWN_SECONDS = 60;
/** Until a job of --demo runs elsewhere: it shows itself for some seconds, and its move takes as many. */
const SPREAD_SECONDS = 180;
const REDRAW_MILLISECONDS = 5_000;

let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
}, 120_000);

afterAll(() => clone?.[Symbol.dispose]());

/** Lines that show more than that they succeed. */
const ANSWERS: Readonly<Record<string, (line: string) => Promise<void>>> = {
  async "npm start"(line) {
    const { output } = await succeeds(line);
    expect(output).toMatch(/^mode +ClumpOS$/m);
    expect(output).toMatch(/^node +15$/m);
    expect(output).toMatch(/^address +10\.0\.2\.15\/24 on eth0$/m);
    expect(output).toMatch(/^NIC +\S+ 1af4:1000 virtio_net -> eth0$/m);
    expect(output).toMatch(/^map +1 10\.0\.2\.1 254$/m);
  },
  async "npm start -- --nodes 3"(line) {
    const { output } = await succeeds(line);
    expect(output).toMatch(/^address +192\.168\.1\.1\/24 on eth0$/m);
    expect(output).toMatch(/^sees +node 2 \(192\.168\.1\.2\)\nsees +node 3 \(192\.168\.1\.3\)$/m);
  },
  async "npm start -- --nodes 3 --demo"(line) {
    await using terminal = new Terminal(line);
    await terminal.sees("shut this node down", BOOT_SECONDS);
    terminal.type("j");
    // Ctrl-L: a screen that is drawn anew has the words whole.
    const redraw = setInterval(() => terminal.type("\x0c"), REDRAW_MILLISECONDS);
    await terminal.sees(/on node [23]/, SPREAD_SECONDS).finally(() => clearInterval(redraw));
  },
  async "npm run clumpview -- --demo 100"(line) {
    await using screen = new Terminal(line);
    await screen.sees("100 nodes");
    screen.type("q");
    expect(await screen.ended).toBe(0);
  },
  async "npm run iso"(line) {
    await succeeds(line);
    expect(existsSync(join(clone.path, "dist/clump.iso"))).toBe(true);
  },
  async "dd if=dist/clump.iso of=/dev/sdX"(line) {
    await succeeds(line.replace("/dev/sdX", "stick"));
    expect(statSync(join(clone.path, "stick")).size).toBe(statSync(join(clone.path, "dist/clump.iso")).size);
  },
  [BROWSER_LINE]: openBrowser,
  // This test is a part of it.
  "npm test": async () => {},
};

async function succeeds(line: string): Promise<Finished> {
  const finished = await clone.type(line);
  expect(finished).toMatchObject({ code: 0, complaint: expect.not.stringContaining("Cannot") });
  return finished;
}

test("the document has lines for both", () => {
  expect(LINES).toContain(BROWSER_LINE);
  expect(NODE_LINES).toContain("clump demo load 60");
  for (const line of Object.keys(ANSWERS)) expect(LINES).toContain(line);
});

test.each(LINES)("docs/getting-started.md: %s", async (line) => {
  await using _ = line.includes("--nodes 3") ? await oneCluster() : undefined;
  await (ANSWERS[line] ?? succeeds)(line);
});

/** A line that is typed into a terminal, in the clone. */
class Terminal implements AsyncDisposable {
  #shown = "";
  readonly #process;
  readonly ended: Promise<number>;

  constructor(line: string, env: Readonly<Record<string, string>> = {}) {
    this.#process = Bun.spawn(["sh", "-c", line], {
      cwd: clone.path,
      env: { ...clone.environment(), TERM: "xterm", ...env },
      terminal: {
        cols: 80,
        rows: 25,
        data: (_terminal, bytes) => {
          this.#shown += Buffer.from(bytes).toString();
        },
      },
    });
    this.ended = this.#process.exited;
  }

  type(text: string): void {
    this.#process.terminal?.write(text);
  }

  /** Waits until the words are shown; they and what came before them are not seen again. */
  async sees(words: string | RegExp, seconds = SHOWN_SECONDS): Promise<void> {
    let found: string | undefined;
    const look = () => {
      found = typeof words === "string" ? words : words.exec(this.#shown)?.[0];
      return found !== undefined && this.#shown.includes(found);
    };
    await until(look, { within: seconds }).catch(() => {
      throw new Error(
        `Cannot see ${words} on the terminal within ${seconds} s:\n${this.#shown.slice(-2_000)}`,
      );
    });
    this.#shown = this.#shown.slice(this.#shown.indexOf(found ?? "") + (found ?? "").length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Ctrl-A, then x, ends a virtual machine whatever its shell does.
    this.type("\x01x");
    const timer = setTimeout(() => this.#process.kill(), 10_000);
    await this.#process.exited;
    clearTimeout(timer);
  }
}

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
  await using terminal = new Terminal(line, { BROWSER: program });
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
