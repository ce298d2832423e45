/** A program of ours as a process on a pseudo-terminal of its own, 80x25. */

export class TerminalSession implements AsyncDisposable {
  #output = "";
  #arrived = Promise.withResolvers<void>();
  readonly terminal = new Bun.Terminal({
    cols: 80,
    rows: 25,
    data: (_, bytes) => {
      this.#output += Buffer.from(bytes).toString();
      this.#arrived.resolve();
      this.#arrived = Promise.withResolvers();
    },
  });
  readonly process;

  /** `script` is the path of the TypeScript file that runs the program; `words` are its arguments. */
  constructor(script: string, words: readonly string[], type = "xterm") {
    this.process = Bun.spawn([process.execPath, script, ...words], {
      terminal: this.terminal,
      env: { ...process.env, TERM: type },
    });
  }

  /** Waits until the program has written these words, after those of the call before; gives what came before them. */
  async sees(words: string): Promise<string> {
    while (!this.#output.includes(words)) await this.#arrived.promise;
    const at = this.#output.indexOf(words);
    const before = this.#output.slice(0, at);
    this.#output = this.#output.slice(at + words.length);
    return before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exited;
    this.terminal.close();
  }
}
