/** A node on this machine, with its own network, mounts and control groups, and with the real daemon of moves. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../assets/build/project.ts";
import { JOB_PATHS, JOB_PROGRAMS, JOBS_PORT } from "../../../cluster/jobs/paths.ts";
import { SERVICES } from "../../../modes/services.ts";
import { listOptional, readOptional } from "../../../system/files.ts";
import { until } from "../../lib/until.ts";
import { CLUMP } from "../checkout.ts";

export const PROGRAM_NAMES = [
  "deputy",
  "clump-guest",
  "clump-gate",
  "clump-files",
  "clump-view",
  "clump-wake",
];
/** Own port, the other one, the state and the queue of /proc/net/tcp: proc(5). */
const CONNECTION = /^ *\d+: \w+:(\w+) \w+:(\w+) (\w\w) (\w+):/gm;

export interface NodePlace {
  readonly number: number;
  readonly address: string;
  /** Its control group, a folder of cgroup2. */
  readonly group: string;
  /** The program of deputies and supervisors. */
  readonly program: string;
  readonly criu: string;
  /** What names the image that it runs. */
  readonly image: string;
  /** Moves were used there: the daemon runs from the start. */
  readonly isUsed: boolean;
  /** What the daemon says. */
  readonly log: string;
  /** Runs ip(8) in the network that joins the nodes. */
  readonly inLan: (...words: readonly string[]) => void;
}

export class LabNode {
  readonly #place: NodePlace;
  #holder: Bun.Subprocess | undefined;
  #daemon: Bun.Subprocess | undefined;
  #isOn = false;

  constructor(place: NodePlace) {
    this.#place = place;
  }

  /** Its `/`. */
  get root(): string {
    return `/proc/${this.holder}/root`;
  }

  /** What its daemons have said. */
  get said(): string {
    return readFileSync(this.#place.log, "utf8");
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** A process in its namespaces. */
  get holder(): number {
    return this.#holder?.pid ?? Number.NaN;
  }

  /** The control group in which a process of that number stands still. */
  frozenGroupOf(pid: number): string {
    return join(this.#place.group, "clump", String(pid));
  }

  get pids(): number[] {
    return pidsBelow(this.#place.group);
  }

  /** Seconds of processor time that all its processes have had, those that have ended included. */
  get processorSeconds(): number {
    const text = readFileSync(join(this.#place.group, "cpu.stat"), "utf8");
    return Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / 1e6;
  }

  /** A command that runs there. */
  on(...command: readonly string[]): string[] {
    const enter = ["nsenter", "-t", String(this.holder), "-m", "-n", "-C", `--wdns=${ROOT}`];
    return [
      "sh",
      "-c",
      'echo $$ >"$0"; exec "$@"',
      join(this.#place.group, "cgroup.procs"),
      ...enter,
      ...command,
    ];
  }

  /** Makes its namespaces and joins it to the others; its daemon is not started. */
  async powerOn(): Promise<void> {
    const { number, address, group, program, image, isUsed, inLan } = this.#place;
    mkdirSync(group, { recursive: true });
    const enter = 'echo $$ >"$0"; exec unshare --net --mount --cgroup sleep infinity';
    const holder = Bun.spawn(["sh", "-c", enter, join(group, "cgroup.procs")]);
    this.#holder = holder;
    await until(() => readFileSync(`/proc/${holder.pid}/comm`, "utf8") === "sleep\n");
    // As a PC has it: the others remember the address of before.
    const mac = `02:00:00:00:00:0${number}`;
    const peer = ["peer", "name", "eth0", "address", mac, "netns", String(holder.pid)];
    inLan("ip", "link", "add", `v${number}`, "type", "veth", ...peer);
    inLan("ip", "link", "set", `v${number}`, "master", "bridge0", "up");
    const script = `set -e; mount --make-rprivate /; ip link set lo up; ip link set eth0 up
ip address add ${address}/24 dev eth0
mkdir -p /usr/lib/clump; mount -t tmpfs run /run; mkdir /run/clump; mount -t tmpfs lib /usr/lib/clump
echo ${image} >/usr/lib/clump/image
mount -t tmpfs none /sys/fs/cgroup; umount /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup
for name in ${PROGRAM_NAMES.join(" ")}; do cp "$0" /usr/lib/clump/$name; chmod 755 /usr/lib/clump/$name; done`;
    must(this.on("sh", "-c", script, program));
    if (isUsed) mkdirSync(this.root + JOB_PATHS.records, { recursive: true });
    this.#isOn = true;
  }

  /** Ends all of it at once, as a power cut does: no connection ends by a word of this node. */
  async powerOff(): Promise<void> {
    const { number, inLan } = this.#place;
    inLan("ip", "link", "delete", `v${number}`);
    await this.remove();
  }

  /** Ends all its processes, and removes its control group. */
  async remove(): Promise<void> {
    const { group } = this.#place;
    this.#isOn = false;
    if (!existsSync(group)) return;
    // All at once, or a process would see another one end.
    writeFileSync(join(group, "cgroup.kill"), "1");
    await until(() => pidsBelow(group).length === 0);
    // A group is free a moment after the end of its last process.
    await until(
      () =>
        Bun.spawnSync(["find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+"]).exitCode === 0,
    );
  }

  /** The daemon of moves itself. */
  get daemon(): number {
    const isDaemon = (words: string) => /\0clumpjobs\0--open\0/.test(words) && !words.includes("\0--\0");
    const pid = this.pids.find((each) => isDaemon(readOptional(`/proc/${each}/cmdline`) ?? ""));
    if (pid === undefined) throw new Error(`node ${this.#place.number} has no daemon`);
    return pid;
  }

  /** Another one begins at once. */
  killDaemon(): void {
    this.#daemon?.kill("SIGKILL");
  }

  /** Starts the daemon, which starts again when it ends, as the supervisor of a node does; resolves when it answers. */
  async startDaemon(): Promise<void> {
    this.#runDaemon();
    const asks = () =>
      Bun.spawn(this.on(...CLUMP, "clump", "jobs"), { stdio: ["ignore", "ignore", "ignore"] }).exited;
    await until(async () => (this.#place.isUsed ? this.listens : (await asks()) === 0));
  }

  /** Whether a daemon takes connections of other nodes. */
  get listens(): boolean {
    return this.connections.some(({ state, port }) => state === "0A" && port === JOBS_PORT);
  }

  /** Its TCP connections and listeners: the state as /proc/net/tcp has it, the port of the server, and bytes not taken yet. */
  get connections(): { readonly state: string; readonly port: number; readonly bytes: number }[] {
    const text = readOptional(`/proc/${this.holder}/net/tcp`) ?? "";
    return [...text.matchAll(CONNECTION)].map(([, own, other, state, bytes]) => ({
      state: state!,
      port: Number.parseInt(state === "0A" ? own! : other!, 16),
      bytes: Number.parseInt(bytes!, 16),
    }));
  }

  #runDaemon(): void {
    const { criu, log } = this.#place;
    const words = ["clumpjobs", "--open", "--criu", criu];
    const command = this.on(JOB_PROGRAMS.wake, "--", ...CLUMP, ...words);
    const [service] = SERVICES.clumpjobs({ jobs: "open", consoles: [], locksShells: false });
    // They write to standard error then, and not to the log of this machine.
    const env = { ...process.env, ...service?.environment, JOURNAL_STREAM: "0:0" };
    const said = openSync(log, "a");
    const daemon = Bun.spawn(command, { stdio: ["ignore", said, said], env });
    closeSync(said);
    this.#daemon = daemon;
    void daemon.exited.then(() => {
      if (this.#isOn && this.#daemon === daemon) this.#runDaemon();
    });
  }
}

export function must(command: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync([...command], { stdio: ["ignore", "ignore", "pipe"] });
  if (exitCode !== 0) throw new Error(`Cannot run ${command.join(" ")}: ${stderr}`);
}

export function pidsBelow(folder: string): number[] {
  const own = (readOptional(join(folder, "cgroup.procs")) ?? "").split("\n").filter(Boolean).map(Number);
  return [...own, ...listOptional(folder).flatMap((name) => pidsBelow(join(folder, name)))];
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ESRCH: it has gone meanwhile.
  }
}
