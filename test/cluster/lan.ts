/** A local network of namespaces in a user namespace, with a daemon in each: no root, nothing of the machine is touched. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { askDaemon } from "../../cluster/commands/mosctl.ts";
import { KEY_PATH } from "../../cluster/security/key.ts";
import { type ClusterView, readView } from "../../cluster/view.ts";
import { parseCommandLine } from "../../init/options/command-line.ts";
import { SERVICES } from "../../modes/services.ts";
import { writeStatus } from "../../system/state/node-status.ts";

const MAP = "1 10.9.0.1 254\n";

export interface NodeOptions {
  /** Its number, and the last octet of its address. */
  readonly id: number;
  /** The kernel command line. */
  readonly words?: string;
}

/** One node: a namespace, a tree of files, and clumpd while it runs. */
export class LanNode {
  readonly id: number;
  readonly root: string;
  readonly address: string;
  readonly #holder: Subprocess;
  readonly #commandLine: string;
  #daemon: Subprocess | undefined;
  #said = "";

  constructor({ id, words = "" }: NodeOptions, root: string, holder: Subprocess) {
    this.id = id;
    this.root = root;
    this.address = `10.9.0.${id}`;
    this.#holder = holder;
    this.#commandLine = words;
  }

  start({ millisecondsBehind = 0 } = {}): void {
    const given = parseCommandLine(this.#commandLine);
    const [service] = SERVICES.clumpd({ ...given, consoles: [], locksShells: false });
    // Behind the program and --ready-fd 3: nobody waits for it here.
    const words = service?.command.slice(3) ?? [];
    const command = [process.execPath, `${import.meta.dir}/daemon.ts`, "--root", this.root, ...words];
    const daemon = Bun.spawn([...enter(this.#holder.pid), ...command], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...service?.environment, CLOCK_BEHIND: String(millisecondsBehind) },
    });
    this.#daemon = daemon;
    void this.#listen(daemon.stderr);
  }

  async #listen(errors: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of errors) {
      this.#said += Buffer.from(bytes).toString();
      if (process.env["LAN_DEBUG"]) process.stderr.write(bytes);
    }
  }

  /** The lines that its daemons have written to their log. */
  get log(): readonly string[] {
    return this.#said.split("\n").filter((line) => line !== "");
  }

  /** What PID 1 reports when a lease comes or goes. */
  setAddress(address: string | undefined): void {
    writeStatus(this.root, {
      ...{ version: "7", hostname: `node${this.id}`, mode: "NoVNC", problems: [], warnings: [] },
      nics: [{ name: "eth0", mac: macOf(this.id), device: "", carrier: true, dhcp: "" }],
      ...(address !== undefined && { address, prefix: 24, node: this.id, nic: "eth0" }),
    });
  }

  get pid(): number {
    return this.#daemon?.pid ?? 0;
  }

  /** Ends its daemon. Returns the view that the daemon leaves behind. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<ClusterView | undefined> {
    this.#daemon?.kill(signal);
    await this.#daemon?.exited;
    const last = this.view();
    rmSync(`${this.root}/run/clump/cluster.json`, { force: true });
    return last;
  }

  view(): ClusterView | undefined {
    return readView(this.root);
  }

  /** What it thinks of another: "up", "dead"…, or "unknown". */
  state(other: LanNode): string {
    return this.view()?.nodes.find(({ address }) => address === other.address)?.state ?? "unknown";
  }

  async ask(line: string): Promise<string> {
    return (await askDaemon(this.root, line)).text;
  }

  /** Runs a program in its namespace to its end and gives what it said. */
  async run(command: readonly string[]): Promise<string> {
    return await runIn(this.#holder.pid, command);
  }
}

export class Lan implements AsyncDisposable {
  readonly nodes: LanNode[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "lan-"));
  readonly #holders: Subprocess[] = [];
  #outer: Subprocess | undefined;

  /** Makes the network; its nodes run once they are started. */
  static async create(...nodes: readonly NodeOptions[]): Promise<Lan> {
    const lan = new Lan();
    lan.#outer = await lan.#hold(["unshare", "--user", "--map-root-user", "--net"]);
    await lan.ip("link add lan type bridge", "link set lan up");
    for (const node of nodes) await lan.#add(node);
    return lan;
  }

  /** ip(8) where the bridge is. */
  async ip(...commands: readonly string[]): Promise<void> {
    for (const command of commands) await runIn(this.#outer!.pid, ["ip", ...command.split(" ")]);
  }

  async #add(options: NodeOptions): Promise<void> {
    const { id, words = "" } = options;
    const holder = await this.#hold([...enter(this.#outer!.pid), "unshare", "--net"]);
    const root = join(this.#folder, String(id));
    const address = `10.9.0.${id}`;
    for (const folder of ["proc", "etc", "run/clump"]) mkdirSync(join(root, folder), { recursive: true });
    const key = /\bclump\.key=(\S+)/.exec(words)?.[1];
    if (key !== undefined) writeFileSync(root + KEY_PATH, key);
    writeFileSync(join(root, "etc/mosix.map"), MAP);
    writeFileSync(join(root, "run/clump/node"), `${id}\n`);
    const node = new LanNode(options, root, holder);
    node.setAddress(address);
    await this.ip(
      `link add port${id} type veth peer name eth0 address ${macOf(id)} netns ${holder.pid}`,
      `link set port${id} master lan up`,
    );
    for (const line of [`addr add ${address}/24 dev eth0`, "link set eth0 up", "link set lo up"]) {
      await runIn(holder.pid, ["ip", ...line.split(" ")]);
    }
    this.nodes.push(node);
  }

  /**
   * Tells every node where all others are: one kernel has room for the neighbours of some thirty nodes only
   * (gc_thresh3 of arp(7) counts those of all namespaces, and leaves out permanent ones).
   */
  async introduceAll(): Promise<void> {
    const file = join(this.#folder, "neighbours");
    const lines = this.nodes.map(
      ({ id, address }) => `neigh replace ${address} lladdr ${macOf(id)} dev eth0 nud permanent`,
    );
    writeFileSync(file, lines.join("\n"));
    for (const node of this.nodes) await node.run(["ip", "-batch", file]);
  }

  async #hold(command: readonly string[]): Promise<Subprocess> {
    const holder = Bun.spawn([...command, "sh", "-c", "echo ready; exec sleep infinity"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#holders.push(holder);
    await holder.stdout.getReader().read();
    return holder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end("SIGKILL")));
    for (const holder of this.#holders.reverse()) holder.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true });
  }
}

/** Seconds: long, for it is met on a busy machine only by what never comes. How long things take the simulation says. */
const PATIENCE = 40;

/** Waits until it is so, looking every so many milliseconds; gives the seconds it took. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => string,
  { within = PATIENCE, every = 200 } = {},
): Promise<number> {
  const start = performance.now();
  for (;;) {
    const passed = (performance.now() - start) / 1000;
    if (await condition()) return passed;
    if (passed > within) throw new Error(`Cannot see it within ${within} s: ${describe()}`);
    await Bun.sleep(every);
  }
}

function macOf(id: number): string {
  return `02:00:0a:09:00:${id.toString(16).padStart(2, "0")}`;
}

function enter(pid: number): string[] {
  return ["nsenter", `--target=${pid}`, "--user", "--net", "--preserve-credentials"];
}

async function runIn(pid: number, command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...enter(pid), ...command], { stdio: ["ignore", "pipe", "pipe"] });
  const [said, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`Cannot run ${command.join(" ")}: status ${code}, ${errors}`);
  return said;
}
