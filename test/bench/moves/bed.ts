/** Jobs on node 1 of three nodes of this machine, for measurements. */

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { must } from "../../jobs/trial/lab-node.ts";
import { NUMBERS, ThreeNodes } from "../../jobs/trial/three-nodes.ts";

const PID_MILLISECONDS = 20_000;

/** A node has criu in /usr. From elsewhere a guest would read it from its home while the process stands still. */
export const CRIU_PLACE = "/usr/lib/clump/criu";

/** A process of node 1, and the shell that has started it and ends with it. */
export interface Job {
  readonly pid: number;
  readonly shell: Bun.Subprocess;
}

export class MovesBed {
  readonly nodes: ThreeNodes;
  /** As the nodes call it. */
  readonly criu: string;
  readonly speed: string;
  readonly pauses: string;
  #scripts = 0;

  private constructor(nodes: ThreeNodes, criu: string) {
    this.nodes = nodes;
    this.criu = criu;
    this.speed = nodes.compile("speed", "test/bench/moves/speed.c");
    this.pauses = nodes.compile("pauses", "test/jobs/trial/pauses.c");
  }

  /** @throws Error where this machine cannot have the nodes */
  static async start(criu: string): Promise<MovesBed> {
    const place = criu.startsWith("/usr/") ? criu : join(CRIU_PLACE, basename(criu));
    const nodes = await ThreeNodes.start(place);
    const mount = `mkdir ${CRIU_PLACE}; mount --bind ${dirname(criu)} ${CRIU_PLACE}`;
    if (place !== criu) for (const number of NUMBERS) must(nodes.on(number, "sh", "-c", mount));
    return new MovesBed(nodes, place);
  }

  path(name: string): string {
    return join(this.nodes.folder, name);
  }

  /** Runs shell on a node to its end; gives what it has written. @throws Error where it fails */
  async run(node: 1 | 2, script: string): Promise<string> {
    const child = Bun.spawn(this.nodes.on(node, "bash", "-c", script), { stdio: ["ignore", "pipe", "pipe"] });
    const [out, words] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    if ((await child.exited) === 0) return out;
    throw new Error(`Cannot measure: ${script} says ${words}${out}`);
  }

  /**
   * Runs shell at home that tells the pid of its job by `echo PID >"$PIDS"`; gives the pid, and the shell, which ends
   * with the job. The shell has no descriptor of this program: sockets do not move.
   */
  async start(script: string): Promise<Job> {
    this.#scripts += 1;
    const pids = this.path(`pid.${this.#scripts}`);
    const command = `exec </dev/null >/dev/null 2>&1; PIDS=${pids}; ${script}`;
    const shell = Bun.spawn(this.nodes.on(1, "bash", "-c", command), {
      stdio: ["ignore", "ignore", "ignore"],
    });
    const deadline = performance.now() + PID_MILLISECONDS;
    for (;;) {
      const text = existsSync(pids) ? readFileSync(pids, "utf8") : "";
      if (text.endsWith("\n")) return { pid: Number(text), shell };
      if (performance.now() > deadline) throw new Error(`Cannot measure: ${script} has started no job`);
      await Bun.sleep(20);
    }
  }
}

/** Ends a job, which its shell waits for. */
export async function end(job: Job): Promise<void> {
  process.kill(job.pid, "SIGTERM");
  await job.shell.exited;
}
