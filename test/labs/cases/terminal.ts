/** A shell on a pseudo-terminal, as a person has one. */

const COLUMNS = 80;
const ROWS = 24;
const LOOK_MILLISECONDS = 20;

export class Terminal {
  readonly #child: Bun.Subprocess;
  readonly #decoder = new TextDecoder();
  /** All that the screen has been sent, without carriage returns. */
  text = "";

  /** An interactive bash that leads its session, in that folder; `on` are words that run a command on a node. */
  constructor(folder: string, on: readonly string[] = []) {
    const shell = `cd "$0"; exec bash --norc -i`;
    this.#child = Bun.spawn([...on, "setsid", "--ctty", "--wait", "sh", "-c", shell, folder], {
      env: { ...process.env, PS1: "$ ", HISTFILE: "", TERM: "dumb", INPUTRC: "/dev/null" },
      terminal: {
        cols: COLUMNS,
        rows: ROWS,
        data: (_: unknown, bytes: Uint8Array) => {
          this.text += this.#decoder.decode(bytes, { stream: true });
        },
      },
    });
  }

  /** When the shell has ended. */
  get ended(): Promise<number> {
    return this.#child.exited;
  }

  type(text: string): void {
    this.#child.terminal!.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#child.terminal!.resize(columns, rows);
  }

  /** Types a line, and resolves with what the screen is sent until the pattern is in it. */
  async enter(line: string, pattern: RegExp, seconds = 20): Promise<string> {
    const from = this.text.length;
    this.type(`${line}\r`);
    return await this.expect(pattern, seconds, from);
  }

  /** Resolves with what the screen was sent from there, once the pattern is in it. @throws Error with that text */
  async expect(pattern: RegExp, seconds = 20, from = 0): Promise<string> {
    const deadline = performance.now() + 1_000 * seconds;
    while (performance.now() < deadline) {
      const text = this.text.slice(from);
      if (pattern.test(text)) return text;
      await Bun.sleep(LOOK_MILLISECONDS);
    }
    throw new Error(`${pattern} did not come; there was: ${JSON.stringify(this.text.slice(from))}`);
  }

  /** The status of the command before, as the shell has it. */
  async status(): Promise<number> {
    const text = await this.enter("echo status=$?.", /status=\d+\./);
    return Number(/status=(\d+)\./.exec(text)?.[1]);
  }

  close(): void {
    this.#child.kill("SIGKILL");
    this.#child.terminal!.close();
  }
}
