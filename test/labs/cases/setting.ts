/** What each of these tests has: two nodes, programs of known result, and processes to be found by their arguments. */

import { expect } from "bun:test";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listProcesses, readLink, readProcess } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { kill } from "../../jobs/trial/lab-node.ts";
import { until } from "../../lib/until.ts";
import { isGuest, NodePair } from "./node-pair.ts";
import { Terminal } from "./terminal.ts";

const FIND_SECONDS = 10;
/** A program has begun by then. */
const MOVE_AFTER_MILLISECONDS = 150;

/** What `work` waits for. */
const GO = "go";

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
    setting.compile("work", ["test/jobs/trial/work.c"]);
    return setting;
  }

  get work(): string {
    return join(this.pair.folder, "work");
  }

  /** A program for every user. */
  compile(name: string, sources: readonly string[]): string {
    const path = join(this.pair.folder, name);
    Bun.spawnSync(["cp", this.pair.programs.compile(name, sources, "small"), path]);
    Bun.spawnSync(["chmod", "755", path]);
    return path;
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

  /**
   * Runs a script as `bash -c` does, in a session of its own: criu(8) dumps no process whose session began outside of its
   * container. What it has written to its output comes with its status. $GO is a file of the folder, and $HOLD the last arguments
   * of a `work` that waits for it.
   */
  start(script: string, folder: string, options: { readonly uid?: number } = {}) {
    const user = options.uid === undefined ? [] : ["setpriv", `--reuid=${options.uid}`, "--clear-groups"];
    this.#outputs += 1;
    const path = join(this.pair.folder, `output.${this.#outputs}`);
    // Bun's own pipes are sockets, which do not move.
    const output = openSync(path, "a");
    const child = Bun.spawn([...user, "setsid", "bash", "-c", script], {
      ...{ cwd: folder, stdio: ["ignore", output, output] },
      env: { ...process.env, WORK: this.work, GO: join(folder, GO), HOLD: `1024 ${join(folder, GO)}` },
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
    const folder = this.folder();
    this.go(folder);
    const { status, out } = await this.start(script, folder).ended;
    return { status, out };
  }

  /** The process at home whose arguments, joined by spaces, match; `within` is its working directory, default any. */
  async find(pattern: RegExp, within?: string): Promise<number> {
    return (await this.findAll(pattern, 1, within))[0]!;
  }

  /** Waits until no process at home has its working directory in that folder. */
  async untilLeft(folder: string): Promise<void> {
    const works = (pid: number) => readLink(`/proc/${pid}/cwd`) === folder && !isGuest(pid);
    await until(() => !listProcesses("").some(works), { what: `no process in ${folder}`, look: 20 });
  }

  async findAll(pattern: RegExp, count: number, within?: string): Promise<number[]> {
    const isThere = (pid: number) =>
      within === undefined ? this.#isOurs(pid) : readLink(`/proc/${pid}/cwd`) === within;
    const isIt = (pid: number) =>
      pattern.test(readProcess("", pid)?.argv.join(" ") ?? "") && isThere(pid) && !isGuest(pid);
    let found: number[] = [];
    const find = () => {
      found = listProcesses("").filter(isIt);
      return found.length >= count;
    };
    await until(find, { what: `process ${pattern}`, within: FIND_SECONDS, look: 20 });
    return found;
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

  /** What waits in that folder until it has moved goes on. */
  go(folder: string): void {
    write(folder, GO, "");
  }

  /** Finds a process, lets it run for a moment, and moves it; it must be away then, and goes on. */
  async moveAway(pattern: RegExp, within?: string): Promise<number> {
    const pid = await this.find(pattern, within);
    await Bun.sleep(MOVE_AFTER_MILLISECONDS);
    expect(await this.pair.move(pid)).toEqual({ at: "AWAY" });
    const folder = within ?? readLink(`/proc/${pid}/cwd`);
    if (folder !== undefined) this.go(folder);
    return pid;
  }

  read(folder: string, name: string): string {
    return readOptional(join(folder, name)) ?? "";
  }

  async stop(): Promise<void> {
    for (const terminal of this.#terminals) terminal.close();
    for (const child of this.#children) child.kill("SIGKILL");
    // What a failed test has left, at home and as a guest.
    for (const pid of listProcesses("")) if (pid !== process.pid && this.#isOurs(pid)) kill(pid);
    await this.pair.stop();
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
