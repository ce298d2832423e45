/** What every trial has: two nodes, programs of known result, and processes to be found by their arguments. */

import { expect } from "bun:test";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listProcesses, readLink, readProcess } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { isGuest, NodePair } from "./node-pair.ts";
import { Terminal } from "./terminal.ts";

const FIND_MILLISECONDS = 10_000;
const MOVE_AFTER_MILLISECONDS = 400;

export class Setting {
  readonly pair: NodePair;
  readonly #terminals: Terminal[] = [];
  readonly #children: Bun.Subprocess[] = [];
  #folders = 0;
  #outputs = 0;

  private constructor(pair: NodePair) {
    this.pair = pair;
  }

  static async start(rootFor?: () => Promise<string>): Promise<Setting> {
    const setting = new Setting(await NodePair.start(rootFor));
    const work = setting.pair.programs.compile("work", ["test/jobs/trial/work.c"], "small");
    Bun.spawnSync(["cp", work, join(setting.pair.folder, "work")]);
    Bun.spawnSync(["chmod", "755", join(setting.pair.folder, "work")]);
    return setting;
  }

  get work(): string {
    return join(this.pair.folder, "work");
  }

  /** A new folder for the files of one test. */
  folder(): string {
    this.#folders += 1;
    const path = join(this.pair.folder, String(this.#folders));
    mkdirSync(path);
    Bun.spawnSync(["chmod", "777", path]);
    return path;
  }

  terminal(folder: string): Terminal {
    const terminal = new Terminal(folder);
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Runs a script as `bash -c` does; what it has written to its output comes with its status. */
  start(script: string, folder: string, options: { readonly uid?: number } = {}) {
    const user = options.uid === undefined ? [] : ["setpriv", `--reuid=${options.uid}`, "--clear-groups"];
    this.#outputs += 1;
    const path = join(this.pair.folder, `output.${this.#outputs}`);
    // Bun's own pipes are sockets, which do not move.
    const output = openSync(path, "a");
    const child = Bun.spawn([...user, "bash", "-c", script], {
      ...{ cwd: folder, stdio: ["ignore", output, output], env: { ...process.env, WORK: this.work } },
    });
    closeSync(output);
    this.#children.push(child);
    const ended = child.exited.then((status) => ({
      ...{ status, signal: child.signalCode, out: readFileSync(path, "utf8") },
    }));
    return { child, ended };
  }

  /** What the script gives where nothing moves. */
  async reference(script: string): Promise<{ readonly status: number; readonly out: string }> {
    const { status, out } = await this.start(script, this.folder()).ended;
    return { status, out };
  }

  /** The process at home whose arguments, joined by spaces, match. */
  async find(pattern: RegExp): Promise<number> {
    return (await this.findAll(pattern, 1))[0]!;
  }

  /** Whether there is one, at home or away. */
  has(pattern: RegExp): boolean {
    return listProcesses("").some(
      (pid) => pattern.test(readProcess("", pid)?.argv.join(" ") ?? "") && this.#isOurs(pid),
    );
  }

  async findAll(pattern: RegExp, count: number): Promise<number[]> {
    const deadline = performance.now() + FIND_MILLISECONDS;
    for (;;) {
      const found = listProcesses("").filter(
        (pid) =>
          pattern.test(readProcess("", pid)?.argv.join(" ") ?? "") && this.#isOurs(pid) && !isGuest(pid),
      );
      if (found.length >= count) return found;
      if (performance.now() > deadline) throw new Error(`no process matches ${pattern}`);
      await Bun.sleep(20);
    }
  }

  #isOurs(pid: number): boolean {
    const argv = readProcess("", pid)?.argv.join(" ") ?? "";
    return (
      argv.includes(this.pair.folder) || readLink(`/proc/${pid}/cwd`)?.startsWith(this.pair.folder) === true
    );
  }

  /** Guests whose arguments match. */
  guests(pattern: RegExp): number[] {
    return listProcesses("").filter(
      (pid) => isGuest(pid) && pattern.test(readProcess("", pid)?.argv.join(" ") ?? ""),
    );
  }

  /** Finds a process, lets it run for a moment, and moves it; it must be away then. */
  async moveAway(pattern: RegExp): Promise<number> {
    const pid = await this.find(pattern);
    await Bun.sleep(MOVE_AFTER_MILLISECONDS);
    expect(await this.pair.move(pid)).toEqual({ at: "AWAY" });
    return pid;
  }

  read(folder: string, name: string): string {
    return readOptional(join(folder, name)) ?? "";
  }

  async stop(): Promise<void> {
    for (const terminal of this.#terminals) terminal.close();
    for (const child of this.#children) child.kill("SIGKILL");
    // What a failed trial has left, at home and as a guest.
    for (const pid of listProcesses("")) if (pid !== process.pid && this.#isOurs(pid)) kill(pid);
    await this.pair.stop();
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ESRCH: it went with another one.
  }
}

export function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export function stateOf(pid: number): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}
