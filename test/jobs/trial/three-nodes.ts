/**
 * Three nodes on one machine, with the real daemons of moves. A bridge in a network of its own joins them: nothing of
 * the machine's network is touched.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { JOB_PATHS, JOBS_PORT } from "../../../cluster/jobs/paths.ts";
import { takeLine } from "../../../cluster/links/first-line.ts";
import { writeView } from "../../../cluster/view.ts";
import { uptime } from "../../../system/uptime.ts";
import { until } from "../../lib/until.ts";
import { NODE } from "../../unit/cluster/nodes.ts";
import { CLUMP } from "../checkout.ts";
import { Programs } from "../compile.ts";
import { Groups } from "../groups.ts";
import { LabNode, must } from "./lab-node.ts";

export const NUMBERS = [1, 2, 3] as const;
export type NodeNumber = (typeof NUMBERS)[number];

/** criu(8) of the machine, or of the environment. */
export const CRIU = process.env["CRIU"] ?? Bun.which("criu") ?? "/usr/sbin/criu";

const MOVE_MILLISECONDS = 120_000;

export const addressOf = (node: NodeNumber) => `10.82.0.${node}`;

export class ThreeNodes {
  readonly folder: string;
  readonly #programs = new Programs();
  readonly #groups = new Groups();
  readonly #criu: string;
  readonly #nodes = new Map<NodeNumber, LabNode>();
  #lan: Bun.Subprocess | undefined;

  private constructor(criu: string) {
    this.#criu = criu;
    this.folder = mkdtempSync("/var/tmp/nodes-");
  }

  /**
   * `isUsed` where the daemons are to run from the start; `imageOf` names the image of each node, default the same.
   * @throws Error where the machine cannot have them: root, musl-gcc, iproute2 and util-linux are wanted
   */
  static async start(
    criu: string,
    isUsed = false,
    imageOf: (node: NodeNumber) => string = () => "trial",
  ): Promise<ThreeNodes> {
    const nodes = new ThreeNodes(criu);
    try {
      await nodes.#make(isUsed, imageOf);
    } catch (error) {
      await nodes.stop();
      throw error;
    }
    return nodes;
  }

  /** The last lines that each daemon has said, so many, default all. */
  said(lines = Number.POSITIVE_INFINITY): string {
    const last = ([number, node]: [NodeNumber, LabNode]) =>
      `node ${number}:\n${node.said.split("\n").slice(-lines).join("\n")}`;
    return [...this.#nodes].map(last).join("\n");
  }

  /** A program of the trial, for all nodes. */
  compile(name: string, source: string): string {
    const path = join(this.folder, name);
    must(["cp", this.#programs.compile(name, [source], "small"), path]);
    return path;
  }

  node(number: NodeNumber): LabNode {
    return this.#nodes.get(number)!;
  }

  /** A command that runs on a node. */
  on(node: NodeNumber, ...command: readonly string[]): string[] {
    return this.node(node).on(...command);
  }

  /** As `on`, with a session of its own: criu(8) dumps no process whose session began outside of its container. */
  onAlone(node: NodeNumber, ...command: readonly string[]): string[] {
    return this.on(node, "setsid", "--wait", ...command);
  }

  /** A command of this project on a node; gives its status and words. */
  async clump(
    node: NodeNumber,
    ...words: readonly string[]
  ): Promise<{ readonly code: number; readonly said: string }> {
    const child = Bun.spawn(this.on(node, ...CLUMP, ...words), { stdio: ["ignore", "pipe", "pipe"] });
    const [out, error] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { code: await child.exited, said: `${out}${error}`.trim() };
  }

  /** Moves a process of node 1 as migrate(1) does, without the time that a program takes to start. @throws Error */
  async migrate(pid: number, to: string): Promise<void> {
    const socket = connect(`${this.node(1).root}${JOB_PATHS.commands}`);
    socket.on("error", () => {});
    socket.write(`${JSON.stringify({ verb: "migrate", pid, to })}\n`);
    const line = await takeLine(socket, MOVE_MILLISECONDS).finally(() => socket.destroy());
    const { error } = JSON.parse(line) as { readonly error?: string };
    if (error !== undefined) throw new Error(error);
  }

  /** Ends the TCP connections of a node that carry moves and links. */
  killLinks(node: NodeNumber): void {
    const filter = ["(", "sport", "=", `:${JOBS_PORT}`, "or", "dport", "=", `:${JOBS_PORT}`, ")"];
    must(this.on(node, "ss", "--kill", "--tcp", "state", "established", ...filter));
  }

  /** Kills a criu that runs on any node; gives whether there was one. */
  killCriu(choose: <T>(among: readonly T[]) => T): boolean {
    const pids = NUMBERS.flatMap((node) => this.node(node).pids).filter((pid) => {
      try {
        return /criu[\w/]*\0(dump|pre-dump|restore)\0/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      } catch {
        return false;
      }
    });
    if (pids.length === 0) return false;
    try {
      process.kill(choose(pids), "SIGKILL");
    } catch {
      return false;
    }
    return true;
  }

  /** What clumpd says of the nodes: all are up but `dead`, and have memory free but `full`. */
  say(dead: readonly NodeNumber[] = [], full: readonly NodeNumber[] = []): void {
    for (const node of NUMBERS.filter((number) => !dead.includes(number))) {
      const root = join(this.folder, `view.${node}`);
      mkdirSync(join(root, "run/clump"), { recursive: true });
      const views = NUMBERS.map((id) => ({
        ...{ ...NODE, id, address: addressOf(id), isSelf: id === node, heardUptime: uptime() + 10 ** 6 },
        ...{
          memoryFree: full.includes(id) ? 0 : 2 ** 33,
          memoryTotal: 2 ** 34,
          state: dead.includes(id) ? "dead" : "up",
        },
      }));
      writeView(
        root,
        JSON.stringify({ isOpen: true, discovery: "map", nodes: views, problems: [], drops: {} }),
      );
      must(this.on(node, "cp", join(root, "run/clump/cluster.json"), "/run/clump/new.json"));
      must(this.on(node, "mv", "/run/clump/new.json", "/run/clump/cluster.json"));
    }
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes.values()) await node.remove();
    this.#lan?.kill("SIGKILL");
    this.#groups.remove();
    this.#programs.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The power of a node fails, and the others take it for dead after a moment. */
  async powerOff(node: NodeNumber): Promise<void> {
    await this.node(node).powerOff();
    this.say([node]);
  }

  /** A node whose power has failed boots again. */
  async powerOn(node: NodeNumber): Promise<void> {
    await this.node(node).powerOn();
    this.say();
    await this.node(node).startDaemon();
  }

  async #make(isUsed: boolean, imageOf: (node: NodeNumber) => string): Promise<void> {
    const program = this.#programs.deputy("small");
    const lan = Bun.spawn(["unshare", "--net", "sleep", "infinity"]);
    this.#lan = lan;
    await until(() => readFileSync(`/proc/${lan.pid}/comm`, "utf8") === "sleep\n");
    this.#inLan("ip", "link", "add", "name", "bridge0", "type", "bridge");
    this.#inLan("ip", "link", "set", "bridge0", "up");
    for (const number of NUMBERS) {
      const node = new LabNode({
        ...{ number, address: addressOf(number), program, criu: this.#criu, isUsed, image: imageOf(number) },
        // In containers of one machine, several of these processes have the same pid.
        group: join(this.#groups.path, `${basename(this.folder)}-${number}`),
        log: join(this.folder, `daemon.${number}`),
        inLan: (...words) => this.#inLan(...words),
      });
      this.#nodes.set(number, node);
      await node.powerOn();
    }
    this.say();
    await Promise.all([...this.#nodes.values()].map((node) => node.startDaemon()));
  }

  #inLan(...command: readonly string[]): void {
    must(["nsenter", "-t", String(this.#lan?.pid), "-n", ...command]);
  }
}
