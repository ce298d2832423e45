/**
 * Three nodes on one machine, each with its own network, mounts and control groups, and with the real daemons of moves.
 * A bridge in a network of its own joins them: nothing of the machine's network is touched.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { JOB_PATHS, JOB_PROGRAMS, JOBS_PORT } from "../../../cluster/jobs/paths.ts";
import { takeLine } from "../../../cluster/links/first-line.ts";
import { writeView } from "../../../cluster/view.ts";
import { SERVICES } from "../../../modes/services.ts";
import { listOptional } from "../../../system/files.ts";
import { uptime } from "../../../system/uptime.ts";
import { NODE } from "../../unit/cluster/nodes.ts";
import { CLUMP } from "../checkout.ts";
import { Programs } from "../compile.ts";
import { Groups } from "../groups.ts";

export const NUMBERS = [1, 2, 3] as const;
export type NodeNumber = (typeof NUMBERS)[number];

export const CHECKOUT = join(import.meta.dir, "../../..");
export const PROGRAM_NAMES = [
  "deputy",
  "clump-guest",
  "clump-gate",
  "clump-files",
  "clump-view",
  "clump-wake",
];
const READY_MILLISECONDS = 30_000;
const MOVE_MILLISECONDS = 120_000;

export const addressOf = (node: NodeNumber) => `10.82.0.${node}`;

export class ThreeNodes {
  readonly folder: string;
  readonly #programs = new Programs();
  readonly #groups = new Groups();
  readonly #criu: string;
  readonly #holders: Bun.Subprocess[] = [];
  readonly #daemons = new Map<NodeNumber, Bun.Subprocess>();
  #lan = 0;
  #stops = false;

  private constructor(criu: string) {
    this.#criu = criu;
    this.folder = mkdtempSync("/var/tmp/nodes-");
  }

  /** @throws Error where the machine cannot have them: root, musl-gcc, iproute2 and util-linux are wanted */
  static async start(criu: string): Promise<ThreeNodes> {
    const nodes = new ThreeNodes(criu);
    try {
      await nodes.#make();
    } catch (error) {
      await nodes.stop();
      throw error;
    }
    return nodes;
  }

  /** A program of the trial, for all nodes. */
  compile(name: string, source: string): string {
    const path = join(this.folder, name);
    must(["cp", this.#programs.compile(name, [source], "small"), path]);
    return path;
  }

  /** A command that runs on a node. */
  on(node: NodeNumber, ...command: readonly string[]): string[] {
    const enter = ["nsenter", "-t", String(this.#holders[node]!.pid), "-m", "-n", "-C", `--wdns=${CHECKOUT}`];
    return ["sh", "-c", 'echo $$ >"$0"; exec "$@"', this.#groupFile(node), ...enter, ...command];
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
    const socket = connect(`${this.rootOf(1)}${JOB_PATHS.commands}`);
    socket.on("error", () => {});
    socket.write(`${JSON.stringify({ verb: "migrate", pid, to })}\n`);
    const line = await takeLine(socket, MOVE_MILLISECONDS).finally(() => socket.destroy());
    const { error } = JSON.parse(line) as { readonly error?: string };
    if (error !== undefined) throw new Error(error);
  }

  /** Seconds of processor time that all processes of a node have had, those that have ended included. */
  processorSeconds(node: NodeNumber): number {
    const text = readFileSync(join(this.#groupFolder(node), "cpu.stat"), "utf8");
    return Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / 1e6;
  }

  /** The `/` of a node. */
  rootOf(node: NodeNumber): string {
    return `/proc/${this.#holders[node]!.pid}/root`;
  }

  pidsOn(node: NodeNumber): number[] {
    return pidsBelow(this.#groupFolder(node));
  }

  /** Kills the daemon; another one begins at once. */
  killDaemon(node: NodeNumber): void {
    this.#daemons.get(node)?.kill("SIGKILL");
  }

  /** Ends the TCP connections of a node that carry moves and links. */
  killLinks(node: NodeNumber): void {
    const filter = ["(", "sport", "=", `:${JOBS_PORT}`, "or", "dport", "=", `:${JOBS_PORT}`, ")"];
    must(this.on(node, "ss", "--kill", "--tcp", "state", "established", ...filter));
  }

  /** Takes a node off the network, as a power cut does for the others; its guests are killed. */
  cut(node: NodeNumber): void {
    this.#inLan("ip", "link", "set", `v${node}`, "down");
    for (const pid of pidsBelow(join(this.#groupFolder(node), "clump-guests"))) kill(pid);
  }

  /** Kills a criu that runs on any node; gives whether there was one. */
  killCriu(choose: <T>(among: readonly T[]) => T): boolean {
    const pids = NUMBERS.flatMap((node) => pidsBelow(this.#groupFolder(node))).filter((pid) => {
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

  /** What clumpd says of the nodes: all are up but `dead`. */
  say(dead: readonly NodeNumber[] = []): void {
    for (const node of NUMBERS) {
      const root = join(this.folder, `view.${node}`);
      mkdirSync(join(root, "run/clump"), { recursive: true });
      const views = NUMBERS.map((id) => ({
        ...{ ...NODE, id, address: addressOf(id), isSelf: id === node, heardUptime: uptime() + 10 ** 6 },
        ...{ memoryFree: 2 ** 33, memoryTotal: 2 ** 34, state: dead.includes(id) ? "dead" : "up" },
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
    this.#stops = true;
    for (const node of NUMBERS) for (const pid of pidsBelow(this.#groupFolder(node))) kill(pid);
    for (const holder of Object.values(this.#holders)) holder.kill("SIGKILL");
    // Groups are free when the last process in them has ended.
    await Bun.sleep(500);
    for (const node of NUMBERS)
      Bun.spawnSync(["find", this.#groupFolder(node), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"]);
    this.#groups.remove();
    this.#programs.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #make(): Promise<void> {
    const program = this.#programs.deputy("small");
    const lan = Bun.spawn(["unshare", "--net", "sleep", "infinity"]);
    this.#holders.push(lan);
    this.#lan = lan.pid;
    await Bun.sleep(300);
    this.#inLan("ip", "link", "add", "name", "bridge0", "type", "bridge");
    this.#inLan("ip", "link", "set", "bridge0", "up");
    for (const node of NUMBERS) await this.#makeNode(node, program);
    this.say();
    await Promise.all(NUMBERS.map((node) => this.#startDaemon(node)));
  }

  async #makeNode(node: NodeNumber, program: string): Promise<void> {
    mkdirSync(this.#groupFolder(node));
    const join = 'echo $$ >"$0"; exec unshare --net --mount --cgroup sleep infinity';
    const holder = Bun.spawn(["sh", "-c", join, this.#groupFile(node)]);
    this.#holders[node] = holder;
    await Bun.sleep(300);
    const peer = ["peer", "name", "eth0", "netns", String(holder.pid)];
    this.#inLan("ip", "link", "add", `v${node}`, "type", "veth", ...peer);
    this.#inLan("ip", "link", "set", `v${node}`, "master", "bridge0", "up");
    const script = `set -e; mount --make-rprivate /; ip link set lo up; ip link set eth0 up
ip address add ${addressOf(node)}/24 dev eth0
mkdir -p /usr/lib/clump; mount -t tmpfs run /run; mkdir /run/clump; mount -t tmpfs lib /usr/lib/clump
echo trial >/usr/lib/clump/image
mount -t tmpfs none /sys/fs/cgroup; umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup
for name in ${PROGRAM_NAMES.join(" ")}; do cp "$0" /usr/lib/clump/$name; chmod 755 /usr/lib/clump/$name; done`;
    must(this.on(node, "sh", "-c", script, program));
  }

  /** Again and again, as the supervisor of a node does. */
  async #startDaemon(node: NodeNumber): Promise<void> {
    const log = Bun.file(join(this.folder, `daemon.${node}`));
    const words = ["clumpjobs", "--open", "--criu", this.#criu];
    const command = this.on(node, JOB_PROGRAMS.wake, "--", ...CLUMP, ...words);
    const [service] = SERVICES.clumpjobs({ jobs: "open", consoles: [], locksShells: false });
    const env = { ...process.env, ...service?.environment };
    const daemon = Bun.spawn(command, { stdio: ["ignore", log, log], env });
    this.#daemons.set(node, daemon);
    void daemon.exited.then(() => (this.#stops ? undefined : this.#startDaemon(node)));
    const deadline = performance.now() + READY_MILLISECONDS;
    while ((await this.clump(node, "clump", "jobs")).code !== 0)
      if (performance.now() > deadline) throw new Error(`the daemon of node ${node} does not answer`);
  }

  #inLan(...command: readonly string[]): void {
    must(["nsenter", "-t", String(this.#lan), "-n", ...command]);
  }

  #groupFolder(node: NodeNumber): string {
    return join(this.#groups.path, `trial-${process.pid}-${node}`);
  }

  #groupFile(node: NodeNumber): string {
    return join(this.#groupFolder(node), "cgroup.procs");
  }
}

export function must(command: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync([...command], { stdio: ["ignore", "ignore", "pipe"] });
  if (exitCode !== 0) throw new Error(`Cannot run ${command.join(" ")}: ${stderr}`);
}

export function pidsBelow(folder: string): number[] {
  if (!existsSync(join(folder, "cgroup.procs"))) return [];
  const own = readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  return [...own, ...listOptional(folder).flatMap((name) => pidsBelow(join(folder, name)))];
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ESRCH: it has gone meanwhile.
  }
}
