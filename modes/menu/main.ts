/** The program `menu`: pages on the terminal of the caller, until a key leads back to the shell. */

import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { reason } from "../../system/log.ts";
import { runTool } from "../../system/tool.ts";
import { uptime } from "../../system/uptime.ts";
import { readTargetOption } from "../report/target-option.ts";
import { StatusWatch } from "../sources/status-watch.ts";
import { Console } from "../terminal/console.ts";
import { type Key, KeyReader, later } from "../terminal/keys.ts";
import { ownTerminal } from "../terminal/own-terminal.ts";
import { draw } from "./draw.ts";
import { MENU_HELP } from "./help.ts";
import { giveOrder } from "./order-client.ts";
import type { Pages, Request, World } from "./page.ts";
import { mainMenu } from "./pages.ts";
import { perform } from "./perform.ts";
import { press, show } from "./press.ts";

/** Left by a key; hang-up or error; a wrong call; SIGTERM. */
const EXIT = { key: 0, failed: 1, usage: 2, terminated: 143 } as const;
const SECOND = 1_000;
/** Seconds between full redraws, which overwrite messages of the kernel. */
const REPAINT_EVERY = 30;

/** Runs the menu until a key ends it. Returns the exit code. */
export async function runMenu(argv: readonly string[], io: CommandIo): Promise<number> {
  const [word] = argv;
  if (asksForHelp(argv)) {
    io.stdout(formatHelp(MENU_HELP));
    return EXIT.key;
  }
  if (word !== undefined) {
    io.stderr(formatRefusal(MENU_HELP, `Cannot use "${word}": no word was wanted`));
    return EXIT.usage;
  }
  try {
    return await new MenuProgram(io.root).exit;
  } catch (error) {
    io.stderr(`clump: Cannot show the menu: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

class MenuProgram {
  readonly #exit = Promise.withResolvers<number>();
  readonly exit = this.#exit.promise;
  readonly #root: string;
  readonly #status: StatusWatch;
  readonly #reportTarget: string;
  readonly #console: Console;
  readonly #timer: NodeJS.Timeout;
  #pages: Pages = [mainMenu()];
  /** The title of the page on the screen. */
  #shown = "";
  #ticks = 0;

  /** @throws Error without a terminal */
  constructor(root: string) {
    this.#root = root;
    this.#reportTarget = readTargetOption(root);
    const keys = new KeyReader((key) => this.#press(key), later);
    this.#console = new Console(ownTerminal(), {
      abilities: { mono: (process.env["NO_COLOR"] ?? "") !== "" },
      onBytes: (bytes) => keys.read(bytes),
      onGone: () => this.#leave(EXIT.failed),
    });
    this.#status = new StatusWatch(root, () => this.#draw());
    process.on("SIGTERM", this.#terminate).on("SIGWINCH", this.#repaint);
    this.#timer = setInterval(() => this.#tick(), SECOND);
    this.#draw();
  }

  #press(key: Key): void {
    const { pages, request } = press(this.#pages, key, this.#world());
    this.#pages = pages;
    if (request?.do === "leave") this.#leave(EXIT.key);
    else if (key === "redraw") this.#repaint();
    else {
      if (request !== undefined) void this.#perform(request);
      this.#draw();
    }
  }

  async #perform(request: Request): Promise<void> {
    const page = await perform(request, { root: this.#root, run: runTool, giveOrder });
    if (page !== undefined) this.#pages = show(this.#pages, page);
    this.#draw();
  }

  #world(): World {
    return { status: this.#status.latest(), reportTarget: this.#reportTarget };
  }

  #tick(): void {
    if (++this.#ticks % REPAINT_EVERY === 0) this.#console.forget();
    this.#draw();
  }

  #draw(): void {
    const page = this.#pages.at(-1)!;
    // Another page gets a full redraw, which overwrites what other programs wrote.
    if (page.title !== this.#shown) this.#console.forget();
    this.#shown = page.title;
    this.#console.draw(draw(page, this.#world(), uptime(), this.#console.size()));
  }

  readonly #repaint = (): void => {
    this.#console.forget();
    this.#draw();
  };

  readonly #terminate = (): void => this.#leave(EXIT.terminated);

  #leave(code: number): void {
    clearInterval(this.#timer);
    this.#status.close();
    void this.#console.close();
    process.off("SIGTERM", this.#terminate).off("SIGWINCH", this.#repaint);
    this.#exit.resolve(code);
  }
}
