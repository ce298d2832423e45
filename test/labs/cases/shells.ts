/** Shells on node 1 of three nodes, whose jobs move between the real daemons. */

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readProcess } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { ThreeNodes } from "../../jobs/trial/three-nodes.ts";
import { until } from "../../lib/until.ts";
import { copyCriu } from "../cluster/criu.ts";
import { Terminal } from "./terminal.ts";

export class Shells {
  readonly folder = mkdtempSync("/var/tmp/shells-");
  #nodes: ThreeNodes | undefined;
  #runs = 0;

  static async start(): Promise<Shells> {
    const shells = new Shells();
    const criu = process.env["CRIU"] ?? (await copyCriu(join(shells.folder, "criu")));
    shells.#nodes = await ThreeNodes.start(criu, true);
    shells.#nodes.compile("work", "test/jobs/trial/work.c");
    return shells;
  }

  get nodes(): ThreeNodes {
    return this.#nodes!;
  }

  get work(): string {
    return join(this.nodes.folder, "work");
  }

  /** Runs a script of bash on node 1, in the folder; what it writes is in `out`. */
  run(script: string) {
    this.#runs += 1;
    const out = join(this.folder, `out.${this.#runs}`);
    const shell = `cd "$1"; exec </dev/null >"$0" 2>&1; ${script}`;
    const command = this.nodes.onAlone(1, "bash", "-c", shell, out, this.folder);
    return { out, shell: Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] }) };
  }

  /** An interactive bash of node 1, in the folder. */
  terminal(): Terminal {
    return new Terminal(this.folder, this.nodes.on(1));
  }

  read(path: string): string {
    return readOptional(path) ?? "";
  }

  /** The process of node 1 whose arguments, joined by spaces, match. */
  async pidOf(pattern: RegExp): Promise<number> {
    return (await this.pidsOf(pattern, 1))[0]!;
  }

  async pidsOf(pattern: RegExp, count: number): Promise<number[]> {
    const matches = (pid: number) => pattern.test(readProcess("", pid)?.argv.join(" ") ?? "");
    const find = () => this.nodes.node(1).pids.filter(matches);
    await until(() => find().length >= count, { what: `${count} x ${pattern}`, within: 20, look: 20 });
    return find();
  }

  async stop(): Promise<void> {
    await this.#nodes?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
