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

  /** Everything since the last words that were waited for. */
  get rest(): string {
    return this.#output;
  }

  /** Waits until the program has written these words, after the words of the call before. */
  async sees(words: string): Promise<void> {
    while (!this.#output.includes(words)) await this.#arrived.promise;
    this.#output = this.#output.slice(this.#output.indexOf(words) + words.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exited;
    this.terminal.close();
  }
}
