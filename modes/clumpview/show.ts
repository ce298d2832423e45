/** clumpview on its terminals: a page each second, and the effects of keys. */

import { reason } from "../../system/log.ts";
import { answerDeparture } from "../../system/state/departure.ts";
import type { Notice } from "../access/notice.ts";
import type { Source } from "../sources/source.ts";
import { type Key, type Later, later } from "../terminal/keys.ts";
import { ownTerminal } from "../terminal/own-terminal.ts";
import { Countdown } from "./countdown.ts";
import type { ClumpviewOptions } from "./options.ts";
import { Page } from "./page.ts";
import { Screens } from "./screens.ts";
import { openShell, type Shell } from "./shell.ts";
import { view } from "./view.ts";

/** Left by a key; hang-up; SIGTERM; an error; a wrong command line. */
export const EXIT = { key: 0, failed: 1, usage: 2, hungUp: 129, terminated: 143 } as const;

const SECOND = 1_000;
/** Seconds between attempts to open a missing console. */
const REOPEN_EVERY = 5;
/** Seconds between full redraws, which overwrite messages of the kernel. */
const REPAINT_EVERY = 30;

const NODE_ESCAPE = "[ESC] shut this node down";
const SHELL_ESCAPE = "[ESC] or q leaves clumpview";

export interface ShowIo {
  readonly root: string;
  readonly source: Source;
  /** The notice on viewers, for a node's own screen. */
  readonly notice?: Notice | undefined;
  /** Asks process 1 to power this machine off; absent where clumpview shows another machine's files. */
  readonly powerOff?: (() => void) | undefined;
  readonly stderr: (text: string) => void;
}

/** The running program; `exit` resolves with the exit code after the terminals are restored. */
export class Show {
  readonly #exit = Promise.withResolvers<number>();
  readonly exit = this.#exit.promise;
  readonly #stderr: (text: string) => void;
  readonly #isNodeScreen: boolean;
  readonly #page: Page;
  readonly #screens: Screens;
  readonly #root: string;
  readonly #shells = new Set<Shell>();
  readonly #timer: NodeJS.Timeout;
  readonly #countdown: Countdown;
  readonly #powerOff: (() => void) | undefined;
  #ticks = 0;
  /** What leaves, and the guests that stay on the screen, a line each; absent while the node does not shut down. */
  #stays: string | undefined;

  constructor(options: ClumpviewOptions, { root, source, notice, powerOff, stderr }: ShowIo) {
    this.#powerOff = powerOff;
    this.#stderr = stderr;
    this.#root = root;
    this.#isNodeScreen = options.consoles.length > 0;
    const leaving = this.#isNodeScreen ? NODE_ESCAPE : SHELL_ESCAPE;
    this.#page = new Page(source, { leaving, opensShells: this.#isNodeScreen, notice }, options.pressed);
    this.#screens = new Screens({
      paths: this.#isNodeScreen ? options.consoles : [ownTerminal()],
      root,
      abilities: options,
      staysRaw: this.#isNodeScreen,
      onKey: (key, path) => this.#attempt(() => this.#act(key, path)),
      onGone: () => !this.#isNodeScreen && this.#leave(EXIT.hungUp),
      stderr,
    });
    const guarded: Later = (milliseconds, run) => later(milliseconds, () => this.#attempt(run));
    this.#countdown = new Countdown(guarded, {
      onChange: () => this.#draw(),
      onEnd: () => this.#end(),
    });
    process.on("SIGTERM", this.#terminate).on("SIGWINCH", this.#repaint).on("uncaughtException", this.#fail);
    this.#timer = setInterval(() => void this.#tick().catch(this.#fail), SECOND);
    void this.#tick().catch(this.#fail);
  }

  /** Draws changes before the second is over. */
  redraw(): void {
    this.#attempt(() => this.#draw());
  }

  async #tick(): Promise<void> {
    await this.#page.sample();
    const isDue = this.#ticks % REOPEN_EVERY === 0;
    if (isDue && this.#screens.open() === 0 && !this.#isNodeScreen) {
      this.#stderr("clumpview: there is no terminal to draw on; --once prints text\n");
      this.#leave(EXIT.failed);
      return;
    }
    if (++this.#ticks % REPAINT_EVERY === 0) this.#screens.forget();
    this.#draw();
  }

  #draw(): void {
    const state = this.#page.state(this.#countdown.left);
    // A full redraw keeps the words of a new box whole in the log of a serial line.
    const stays = state.departure && [state.departure.slurm, ...state.departure.stays].join("\n");
    if (stays !== this.#stays) this.#screens.forget();
    this.#stays = stays;
    this.#screens.draw((width, height) => view(state, width, height));
  }

  #act(key: Key, path: string): void {
    if (key === "redraw") this.#repaint();
    else if (this.#isNodeScreen && this.#page.departure !== undefined) this.#answer(key);
    else if (this.#countdown.left !== undefined) this.#decide(key);
    else if (this.#isNodeScreen && key === "s" && !this.#page.takesText)
      void this.#openShell(path).catch(this.#fail);
    else if (this.#isLeaving(key)) this.#leave(EXIT.key);
    else if (this.#page.press(key)) this.#draw();
    else if (this.#isNodeScreen) this.#countDown();
    else this.#leave(EXIT.key);
  }

  /** On a node's own screen only ESC leaves, because any passer-by may press keys. */
  #isLeaving(key: Key): boolean {
    return (
      !this.#isNodeScreen && (key === "interrupt" || ((key === "q" || key === "Q") && !this.#page.isTyping))
    );
  }

  async #openShell(path: string): Promise<void> {
    let shell: Shell | undefined;
    await this.#screens.lend(path, async () => {
      try {
        shell = openShell(this.#root, path);
        this.#shells.add(shell);
        await shell.ended;
      } catch (error) {
        this.#page.say(`Cannot open a shell: ${reason(error)}`);
      }
    });
    if (shell) this.#shells.delete(shell);
    this.#draw();
  }

  /** The full redraw keeps the words whole in the log of a serial line. */
  #countDown(): void {
    this.#screens.forget();
    this.#countdown.start();
  }

  #decide(key: Key): void {
    if (key === "escape") this.#end();
    else this.#countdown.stop();
  }

  /** Process 1 powers off when clumpview ends; while guests or jobs leave first, the screen goes on showing them. */
  #end(): void {
    this.#countdown.stop();
    if (this.#powerOff !== undefined && this.#page.takesLeave) this.#powerOff();
    else this.#leave(EXIT.key);
  }

  #answer(key: Key): void {
    const hasQuestion = (this.#page.departure?.stays.length ?? 0) > 0;
    if (key === "escape") answerDeparture(this.#root, "now");
    else if (key === "w" && hasQuestion) answerDeparture(this.#root, "wait");
  }

  readonly #repaint = (): void => {
    this.#screens.forget();
    this.#attempt(() => this.#draw());
  };

  readonly #terminate = (): void => this.#leave(EXIT.terminated);

  readonly #fail = (error: unknown): void => {
    this.#leave(EXIT.failed);
    this.#stderr(`clumpview: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
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
    for (const shell of this.#shells) shell.hangUp();
    this.#screens.close();
    process
      .off("SIGTERM", this.#terminate)
      .off("SIGWINCH", this.#repaint)
      .off("uncaughtException", this.#fail);
    this.#exit.resolve(code);
  }
}
