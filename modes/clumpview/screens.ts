/** The terminals that show the page; a terminal that cannot be opened, or is gone, is opened again later. */

import { reason } from "../../system/log.ts";
import type { Canvas } from "../terminal/canvas.ts";
import { Console } from "../terminal/console.ts";
import { isCoarse } from "../terminal/fine-consoles.ts";
import { type Key, KeyReader, later } from "../terminal/keys.ts";
import type { Abilities } from "../terminal/render.ts";

export interface ScreensOptions {
  /** The folder of the node's files. */
  readonly root: string;
  readonly paths: readonly string[];
  readonly abilities: Abilities;
  /** Whether the terminals stay in raw mode at the end. */
  readonly staysRaw: boolean;
  readonly onKey: (key: Key, path: string) => void;
  /** A terminal is gone. */
  readonly onGone: (path: string) => void;
  readonly stderr: (line: string) => void;
}

export class Screens {
  readonly #options: ScreensOptions;
  readonly #consoles = new Map<string, Console>();
  readonly #reported = new Set<string>();
  /** Terminals that another program has for a while. */
  readonly #lent = new Set<string>();

  constructor(options: ScreensOptions) {
    this.#options = options;
  }

  /** Opens closed terminals; reports each failure once. Returns the number of open terminals. */
  open(): number {
    for (const path of this.#options.paths) {
      if (this.#consoles.has(path) || this.#lent.has(path)) continue;
      try {
        this.#consoles.set(path, this.#openConsole(path));
        this.#reported.delete(path);
      } catch (error) {
        if (!this.#reported.has(path)) this.#options.stderr(`${describeFailure(path, error)}\n`);
        this.#reported.add(path);
      }
    }
    return this.#consoles.size + this.#lent.size;
  }

  /** Gives a terminal to another program until `use` is done, and takes the terminal back. */
  async lend(path: string, use: (path: string) => Promise<unknown>): Promise<void> {
    const console = this.#consoles.get(path);
    if (console === undefined) return;
    this.#lent.add(path);
    this.#consoles.delete(path);
    try {
      await console.close();
      await use(path);
    } finally {
      this.#lent.delete(path);
    }
    this.open();
  }

  /** Draws one page for each size of terminal. */
  draw(view: (width: number, height: number) => Canvas): void {
    const pages = new Map<string, Canvas>();
    for (const console of this.#consoles.values()) {
      const { width, height } = console.size();
      const size = `${width}x${height}`;
      const page = pages.get(size) ?? view(width, height);
      pages.set(size, page);
      console.draw(page);
    }
  }

  /** Makes the next draw a full one on every terminal. */
  forget(): void {
    for (const console of this.#consoles.values()) console.forget();
  }

  close(): void {
    for (const console of this.#consoles.values()) void console.close();
    this.#consoles.clear();
  }

  #openConsole(path: string): Console {
    const { root, abilities, staysRaw, onKey, onGone } = this.#options;
    const keys = new KeyReader((key) => onKey(key, path), later);
    return new Console(path, {
      staysRaw,
      abilities: { ...abilities, coarse: isCoarse(root, path) },
      onBytes: (bytes) => keys.read(bytes),
      onGone: () => {
        this.#consoles.delete(path);
        onGone(path);
      },
    });
  }
}

function describeFailure(path: string, error: unknown): string {
  return `Cannot show this node on ${path}: ${reason(error)}, skipping`;
}
