/** The program clumpview: this node and its cluster on every console, until a key or a signal. */

import { readlinkSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Key, Movement } from "./keys.ts";
import { printPage } from "./once.ts";
import { CLUMPVIEW_USAGE, type ClumpviewOptions, parseClumpviewOptions } from "./options.ts";
import { createPage, type Page } from "./page.ts";
import { Screens } from "./screens.ts";
import { view } from "./view.ts";

export interface ClumpviewIo {
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** This machine; written at once, because the program ends right after. */
const MACHINE: ClumpviewIo = {
  root: "",
  stdout: (text) => void writeSync(1, text),
  stderr: (text) => void writeSync(2, text),
};

/** Left by a key, by a hang-up, by SIGTERM, by an error, or never begun for a wrong word. */
const EXIT = { key: 0, failed: 1, usage: 2, hungUp: 129, terminated: 143 } as const;

const SECOND = 1_000;
/** Seconds between tries to open a console that is not there. */
const REOPEN_EVERY = 5;
/** Seconds between whole pages: they wipe away what the kernel wrote over them. */
const REPAINT_EVERY = 30;

/** How far a key moves the table of nodes. */
const LINES: Readonly<Record<Movement, number>> = { up: -1, down: 1, "page up": -8, "page down": 8 };

const NODE_FOOTER = "[ESC] shut this node down";
const SHELL_FOOTER = "[ESC] or q leaves clumpview";

/** Runs clumpview with the words after its name and gives its exit code: 0 only where someone left by key. */
export async function runClumpview(argv: readonly string[], io: ClumpviewIo = MACHINE): Promise<number> {
  let options: ClumpviewOptions;
  try {
    options = parseClumpviewOptions(argv);
  } catch (error) {
    io.stderr(`clumpview: ${error instanceof Error ? error.message : String(error)}\n${CLUMPVIEW_USAGE}`);
    return EXIT.usage;
  }
  if (options.help) {
    io.stdout(CLUMPVIEW_USAGE);
    return 0;
  }
  if (options.once) return await printPage(options, io);
  return await new Show(options, io).exit;
}

/** The running program; `exit` settles when it is to leave, the terminals given back. */
class Show {
  readonly #exit = Promise.withResolvers<number>();
  readonly exit = this.#exit.promise;
  readonly #io: ClumpviewIo;
  readonly #isNodeScreen: boolean;
  readonly #page: Page;
  readonly #screens: Screens;
  readonly #timer: NodeJS.Timeout;
  #ticks = 0;

  constructor(options: ClumpviewOptions, io: ClumpviewIo) {
    this.#io = io;
    this.#isNodeScreen = options.consoles.length > 0;
    const footer = this.#isNodeScreen ? NODE_FOOTER : SHELL_FOOTER;
    this.#page = createPage(io.root, footer, () => this.#attempt(() => this.#draw()));
    this.#screens = new Screens({
      paths: this.#isNodeScreen ? options.consoles : [ownTerminal()],
      ascii: options.ascii,
      onKey: (key) => this.#attempt(() => this.#act(key)),
      onGone: () => !this.#isNodeScreen && this.#leave(EXIT.hungUp),
      stderr: io.stderr,
    });
    process.on("SIGTERM", this.#terminate).on("SIGWINCH", this.#repaint).on("uncaughtException", this.#fail);
    this.#timer = setInterval(() => void this.#tick().catch(this.#fail), SECOND);
    void this.#tick().catch(this.#fail);
  }

  async #tick(): Promise<void> {
    await this.#page.sample();
    const isDue = this.#ticks % REOPEN_EVERY === 0;
    if (isDue && this.#screens.open() === 0 && !this.#isNodeScreen) {
      this.#leave(EXIT.failed);
      return;
    }
    if (++this.#ticks % REPAINT_EVERY === 0) this.#screens.forget();
    this.#draw();
  }

  #draw(): void {
    const state = this.#page.state();
    this.#screens.draw((width, height) => view(state, width, height));
  }

  #act(key: Key): void {
    if (key === "redraw") this.#repaint();
    else if (key in LINES) this.#scroll(LINES[key as Movement]);
    else if (key === "escape" || !this.#isNodeScreen) this.#leave(EXIT.key);
  }

  #scroll(lines: number): void {
    this.#page.scroll(lines);
    this.#draw();
  }

  readonly #repaint = (): void => {
    this.#screens.forget();
    this.#attempt(() => this.#draw());
  };

  readonly #terminate = (): void => this.#leave(EXIT.terminated);

  readonly #fail = (error: unknown): void => {
    this.#leave(EXIT.failed);
    this.#io.stderr(
      `clumpview: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  };

  #attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#fail(error);
    }
  }

  #leave(code: number): void {
    clearInterval(this.#timer);
    this.#page.close();
    this.#screens.close();
    process
      .off("SIGTERM", this.#terminate)
      .off("SIGWINCH", this.#repaint)
      .off("uncaughtException", this.#fail);
    this.#exit.resolve(code);
  }
}

/** The terminal this was typed at, found through standard input: a shell without job control has no /dev/tty. */
function ownTerminal(): string {
  return isatty(0) ? readlinkSync("/proc/self/fd/0") : "/dev/tty";
}
