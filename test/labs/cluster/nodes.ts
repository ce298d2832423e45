/**
 * A cluster on one machine: nodes with the real daemons, and with processes, mounts, control groups and a network of their
 * own. A bridge in a network of its own joins them: nothing of the machine's network is touched.
 */

import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../assets/build/project.ts";
import type { Topology } from "../../../cluster/balance/switch.ts";
import { JOB_PROGRAMS } from "../../../cluster/jobs/paths.ts";
import { type ClusterView, readView } from "../../../cluster/view.ts";
import { SERVICES } from "../../../modes/services.ts";
import { readLink } from "../../../probes/processes/process.ts";
import { readOptional } from "../../../system/files.ts";
import { writeStatus } from "../../../system/state/node-status.ts";
import { Programs } from "../../jobs/compile.ts";
import { Groups } from "../../jobs/groups.ts";
import { kill, must, pidsBelow } from "../../jobs/trial/lab-node.ts";
import { until } from "../../lib/until.ts";
import { copyCriu } from "./criu.ts";
import { Processors } from "./processors.ts";
import { CRIU_PLACE, PROGRAM, setUp, statusOf } from "./set-up.ts";

/** All nodes have one processor, and equal ones. */
const SPEED = 10_000;

/** Process 1 of a node: waits for whoever is left to it. */
const INIT = "while :; do sleep 1000 & wait $!; done";

export type Finished = { readonly code: number; readonly said: string };

export class Nodes {
  readonly folder: string;
  readonly #programs = new Programs();
  readonly #groups = new Groups();
  readonly #processors: Processors;
  readonly #holders: Bun.Subprocess[] = [];
  /** Process 1 of each node. */
  readonly #inits = new Map<number, number>();
  readonly #daemons = new Map<number, Bun.Subprocess[]>();
  #program = "";
  #criu = "";
  #lan = 0;
  #runs = 0;

  private constructor() {
    this.folder = mkdtempSync("/var/tmp/cluster-");
    this.#processors = new Processors(this.#groups.path, this.folder);
  }

  /** @throws Error where the machine cannot have them: root, musl-gcc, iproute2 and util-linux are wanted */
  static async start(numbers: readonly number[]): Promise<Nodes> {
    const nodes = new Nodes();
    try {
      nodes.#criu = await copyCriu(join(nodes.folder, "criu"), CRIU_PLACE);
      nodes.#program = nodes.#programs.deputy("small");
      nodes.#lan = await nodes.#hold(["unshare", "--net"], "exec sleep infinity");
      nodes.#inLan("ip", "link", "add", "name", "bridge0", "type", "bridge");
      nodes.#inLan("ip", "link", "set", "bridge0", "up");
      for (const node of numbers) await nodes.add(node);
      await nodes.meet();
    } catch (error) {
      await nodes.stop();
      throw error;
    }
    return nodes;
  }

  get numbers(): number[] {
    return [...this.#inits.keys()];
  }

  /** A program of the test, for all nodes. */
  compile(name: string, source: string): string {
    const path = join(this.folder, name);
    must(["cp", this.#programs.compile(name, [source], "small"), path]);
    return path;
  }

  /** Makes one more node, and starts its daemons. */
  async add(node: number, topology: Topology = "peers"): Promise<void> {
    this.#processors.add(node);
    const unshare = ["unshare", "--net", "--mount", "--cgroup", "--pid", "--fork", "--mount-proc"];
    const holder = await this.#hold([...this.#processors.on(node), ...unshare], INIT);
    const init = Number(readFileSync(`/proc/${holder}/task/${holder}/children`, "utf8").trim());
    this.#inits.set(node, init);
    this.#inLan(
      "ip",
      "link",
      "add",
      `v${node}`,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      String(init),
    );
    this.#inLan("ip", "link", "set", `v${node}`, "master", "bridge0", "up");
    must(this.on(node, "sh", "-c", setUp(node), this.#program, this.folder));
    must(this.on(node, "sh", "-c", this.#processors.coverScript(node)));
    writeStatus(this.rootOf(node), statusOf(node));
    await this.#startDaemons(node, topology);
  }

  async #startDaemons(node: number, topology: Topology): Promise<void> {
    const setting = { consoles: [], locksShells: false, jobs: "open", balance: "on", topology } as const;
    const log = openSync(join(this.folder, `log.${node}`), "a");
    const start = (command: readonly string[], environment: Readonly<Record<string, string>> | undefined) =>
      Bun.spawn(this.on(node, ...command), {
        stdio: ["ignore", log, log],
        // The log goes where systemd would have it.
        env: { ...process.env, ...environment, JOURNAL_STREAM: "1:1" },
      });
    const [clumpd] = SERVICES.clumpd(setting);
    const [clumpjobs] = SERVICES.clumpjobs(setting);
    this.#daemons.set(node, [
      // Behind the program and --ready-fd 3: nobody waits for it here.
      start([...PROGRAM, "clumpd", ...(clumpd?.command.slice(3) ?? [])], clumpd?.environment),
      start(
        [JOB_PROGRAMS.wake, "--", ...PROGRAM, "clumpjobs", "--open", "--criu", this.#criu],
        clumpjobs?.environment,
      ),
    ]);
    await until(async () => (await this.mosctl(node, `setspeed ${SPEED}`)).code === 0, {
      what: `daemons of node ${node}`,
    });
  }

  /** Waits until each node sees all others. */
  async meet(): Promise<void> {
    const numbers = this.numbers;
    const seesAll = (node: number) =>
      this.view(node)?.nodes.filter(({ state, load }) => state === "up" && load >= 0).length ===
      numbers.length;
    await until(() => numbers.every(seesAll), { what: "nodes that see each other" });
  }

  /** Words that run a command on a node. */
  on(node: number, ...command: readonly string[]): string[] {
    const enter = ["nsenter", "-t", String(this.#inits.get(node)), "-m", "-n", "-C", "-p", `--wdns=${ROOT}`];
    return [...this.#processors.on(node), ...enter, ...command];
  }

  /** Runs shell on a node, in a session of its own: what belongs to no session of the node does not move. */
  async run(node: number, script: string): Promise<Finished> {
    this.#runs += 1;
    // Bun's own pipes are sockets, and a process with a socket does not move.
    const output = join(this.folder, `output.${this.#runs}`);
    const shell = `cd "$0"; exec >"$1" 2>&1; ${script}`;
    const command = this.on(node, "setsid", "--wait", "bash", "-c", shell, this.folder, output);
    const code = await Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] }).exited;
    return { code, said: readFileSync(output, "utf8").trim() };
  }

  /** A command of this project on a node. */
  async clump(node: number, ...words: readonly string[]): Promise<Finished> {
    return await this.run(node, [`cd ${ROOT};`, ...PROGRAM, ...words].join(" "));
  }

  async mosctl(node: number, words: string): Promise<Finished> {
    return await this.clump(node, "mosctl", words);
  }

  /** The `/` of a node. */
  rootOf(node: number): string {
    return `/proc/${this.#inits.get(node)}/root`;
  }

  view(node: number): ClusterView | undefined {
    return readView(this.rootOf(node));
  }

  /** What the daemons of a node have said. */
  log(node: number): string {
    return readOptional(join(this.folder, `log.${node}`)) ?? "";
  }

  /** How many processes of that program run on each node; deputies are another program. */
  places(program: string): Readonly<Record<number, number>> {
    const count = (node: number) =>
      pidsBelow(this.#processors.groupOf(node)).filter((pid) =>
        readLink(`/proc/${pid}/exe`)?.endsWith(program),
      ).length;
    return Object.fromEntries(this.numbers.map((node) => [node, count(node)]));
  }

  /** Seconds for which the processors of all nodes worked, and for which they had nothing to do. */
  seconds(nodes: readonly number[] = this.numbers): { readonly work: number; readonly idle: number } {
    const all = nodes.map((node) => this.#processors.seconds(node));
    const sum = (key: "work" | "idle") => all.reduce((total, each) => total + each[key], 0);
    return { work: sum("work"), idle: sum("idle") };
  }

  /** The power of a node fails. */
  cut(node: number): void {
    kill(this.#inits.get(node)!);
    this.#inits.delete(node);
  }

  /** A node shuts down as process 1 has it: its guests leave, then the node leaves its cluster. */
  async leave(node: number): Promise<Finished> {
    const left = await this.mosctl(node, "expel");
    for (const daemon of this.#daemons.get(node) ?? []) daemon.kill("SIGTERM");
    await Bun.sleep(1_000);
    this.cut(node);
    return left;
  }

  async stop(): Promise<void> {
    this.#processors.stop();
    for (const init of this.#inits.values()) kill(init);
    for (const holder of this.#holders) holder.kill("SIGKILL");
    // Groups are free when the last process in them has ended.
    await Bun.sleep(500);
    this.#processors.remove();
    this.#groups.remove();
    this.#programs.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #hold(command: readonly string[], script: string): Promise<number> {
    const holder = Bun.spawn([...command, "sh", "-c", `echo ready; ${script}`], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#holders.push(holder);
    await holder.stdout.getReader().read();
    return holder.pid;
  }

  #inLan(...command: readonly string[]): void {
    must(["nsenter", "-t", String(this.#lan), "-n", ...command]);
  }
}
