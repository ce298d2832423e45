/** /mfs/N: the files of node N, mounted when a program first looks there. */

import { mkdirSync } from "node:fs";
import { reason } from "../../system/log.ts";
import { FILE_PATHS, FILE_PROGRAMS } from "./paths.ts";

export interface MfsOptions {
  /**
   * Where the server of files of the node with that number or address answers, and "own" for this node.
   * @throws Error that says why there is none
   */
  readonly find: (node: string) => Promise<{ readonly node: string; readonly address: string } | "own">;
  readonly log: { info(line: string): void };
  /** Default /mfs. */
  readonly target?: string;
  readonly program?: string;
  readonly port?: number;
}

export class Mfs {
  readonly #options: MfsOptions;
  /** The names below /mfs of each node that was found, by its LAN address. */
  readonly #names = new Map<string, Set<string>>();
  #child: Bun.Subprocess<"pipe", "pipe", "pipe"> | undefined;

  constructor(options: MfsOptions) {
    this.#options = options;
  }

  /** @throws Error "Cannot mount …: why" */
  async start(): Promise<void> {
    const { target = FILE_PATHS.mfs, program = FILE_PROGRAMS.mfs, port } = this.#options;
    mkdirSync(target, { recursive: true });
    const words = [`target=${target}`, ...(port === undefined ? [] : [`port=${port}`])];
    const child = Bun.spawn([program, ...words], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    const started = Promise.withResolvers<void>();
    void this.#read(child.stdout, () => started.resolve()).then(async () => {
      const complaint = (await new Response(child.stderr).text()).trim();
      started.reject(
        new Error(complaint === "" ? `Cannot mount ${target}: it ended without a word` : complaint),
      );
    });
    await started.promise;
  }

  /** Programs in a folder of /mfs stay there until they leave it. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#child?.exited;
    this.#child = undefined;
  }

  /** The node with that LAN address is dead: whoever waits for its files gets an error at once. */
  forget(address: string): void {
    for (const name of this.#names.get(address) ?? []) this.#say(`forget ${name}`);
    this.#names.delete(address);
  }

  /** The LAN addresses of the nodes whose files were looked for. */
  get nodes(): string[] {
    return [...this.#names.keys()];
  }

  async #read(stream: ReadableStream<Uint8Array>, started: () => void): Promise<void> {
    const decoder = new TextDecoder();
    let held = "";
    for await (const piece of stream) {
      const lines = (held + decoder.decode(piece, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) {
        const [word, token, name] = line.split(" ");
        if (word === "mounted") started();
        else if (word === "missing" && name !== undefined) void this.#answer(`${token} ${name}`, name);
      }
    }
  }

  async #answer(question: string, name: string): Promise<void> {
    try {
      const found = await this.#options.find(name);
      if (found === "own") return this.#say(`own ${question}`);
      const names = this.#names.get(found.node) ?? new Set();
      this.#names.set(found.node, names.add(name));
      this.#say(`view ${question} ${found.address}`);
    } catch (error) {
      this.#options.log.info(`/mfs/${name}: ${reason(error)}`);
      this.#say(`fail ${question}`);
    }
  }

  #say(line: string): void {
    this.#child?.stdin.write(`${line}\n`);
    void this.#child?.stdin.flush();
  }
}
