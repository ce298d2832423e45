/** /mfs/N: the files of node N, mounted when a program first looks there. `clump-wake` mounts, and asks here (mfs.h). */

import { reason } from "../../system/log.ts";

/** The program that mounts. */
export interface MfsChannel {
  readonly questions: ReadableStream<Uint8Array>;
  /** Takes a line without its end. */
  readonly say: (line: string) => void;
}

export interface MfsOptions extends MfsChannel {
  /**
   * Where the server of files of the node with that number or address answers, and "own" for this node.
   * @throws Error that says why there is none
   */
  readonly find: (node: string) => Promise<{ readonly node: string; readonly address: string } | "own">;
  readonly log: { info(line: string): void };
}

export class Mfs {
  readonly #options: MfsOptions;
  /** The names below /mfs of each node that was found, by its LAN address. */
  readonly #names = new Map<string, Set<string>>();

  constructor(options: MfsOptions) {
    this.#options = options;
  }

  /** Answers what is asked. Resolves when the program that mounts has ended. */
  async serve(): Promise<void> {
    const decoder = new TextDecoder();
    let held = "";
    for await (const piece of this.#options.questions) {
      const lines = (held + decoder.decode(piece, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) {
        const [word, token, name] = line.split(" ");
        if (word === "missing" && name !== undefined) void this.#answer(`${token} ${name}`, name);
      }
    }
  }

  /** The node with that LAN address is dead: whoever waits for its files gets an error at once. */
  forget(address: string): void {
    for (const name of this.#names.get(address) ?? []) this.#options.say(`forget ${name}`);
    this.#names.delete(address);
  }

  /** The LAN addresses of the nodes whose files were looked for. */
  get nodes(): string[] {
    return [...this.#names.keys()];
  }

  async #answer(question: string, name: string): Promise<void> {
    const { find, say, log } = this.#options;
    try {
      const found = await find(name);
      if (found === "own") return say(`own ${question}`);
      const names = this.#names.get(found.node) ?? new Set();
      this.#names.set(found.node, names.add(name));
      say(`view ${question} ${found.address}`);
    } catch (error) {
      log.info(`/mfs/${name}: ${reason(error)}`);
      say(`fail ${question}`);
    }
  }
}
