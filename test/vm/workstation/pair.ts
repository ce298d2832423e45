/** A workstation and its diskless nodes on a wire, in one cluster. */

import { basename } from "node:path";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, secondsUntil, startLan } from "../../lib/cluster.ts";
import type { Suite } from "../../lib/debian/suites.ts";
import { appendArchive } from "../../lib/patched-initrd.ts";
import { output, type Talking } from "../../lib/shell.ts";
import { type Content, WorkstationFiles } from "./machine.ts";
import { bootByNetwork, type PxeNode } from "./pxe-node.ts";

const KEY = "the-key-of-the-room";
/** Steps, megabytes, status and tag. */
export const WORK = "/srv/work 500 1 7 job";
/** dpkg(1), systemd, and a guest whose programs and libraries come over an emulated wire take their time. */
export const LONG = { within: 120 };

type Lan = ReturnType<typeof startLan>;

export class Pair implements AsyncDisposable {
  readonly desk: Vm;
  /** What WORK writes. */
  readonly expected: string;
  readonly #lan: Lan;
  readonly #machines: AsyncDisposableStack;
  #node: { readonly machine: Talking; readonly id: number } | undefined;

  private constructor(desk: Vm, expected: string, lan: Lan, machines: AsyncDisposableStack) {
    this.desk = desk;
    this.expected = expected;
    this.#lan = lan;
    this.#machines = machines;
  }

  /** Boots the workstation alone. @throws Error where it does not boot */
  static async boot(suite: Suite, content: Content): Promise<Pair> {
    await using machines = new AsyncDisposableStack();
    const files = machines.use(await WorkstationFiles.make(suite, content));
    const work = Bun.spawn([files.work, ...WORK.split(" ").slice(1)]);
    const lan = machines.use(startLan());
    const [desk, expected] = await Promise.all([
      files.boot(`workstation-${suite}`, lan.path, content.serves ? 768 : 512).then((vm) => machines.use(vm)),
      work.stdout.text(),
    ]);
    return new Pair(desk, expected, lan, machines.move());
  }

  /** The node with a shell. */
  get node(): Talking {
    return this.#booted().machine;
  }

  /** The number of that node, and the last byte of its address. */
  get id(): number {
    return this.#booted().id;
  }

  #booted() {
    if (this.#node === undefined) throw new Error("Cannot ask the node: it has not been booted");
    return this.#node;
  }

  /** Boots the node from this machine, with a key that stands beside its image, and has the workstation join. */
  async joinNode(): Promise<void> {
    const key = { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from(`${KEY}\n`) } as const;
    const initrd = this.#machines.use(appendArchive([key]));
    const machine = this.#machines.use(await bootMember(2, this.#lan.path, { initrd: initrd.path }));
    this.#node = { machine, id: 2 };
    await output(this.desk, `echo ${KEY} | clump join -`, LONG);
    await this.#see(2);
    await this.#moveByHand();
  }

  /** Boots nodes by their firmware from the workstation, at once; the first is in Expert mode. */
  async bootNodes(macs: readonly string[]): Promise<readonly PxeNode[]> {
    const boot = async (mac: string, index: number) =>
      this.#machines.use(await bootByNetwork(`workstation-node-${index + 1}`, this.#lan.path, mac));
    const nodes = await Promise.all(macs.map(boot));
    this.#node = nodes[0];
    for (const { id } of nodes) await this.#see(id);
    await this.#moveByHand();
    return nodes;
  }

  /** The cluster would move a busy process before a test does. */
  async #moveByHand(): Promise<void> {
    await output(this.desk, "mosctl lstay");
  }

  /** Takes the DHCP server from the wire. */
  silenceDhcp(): void {
    this.#lan.answers = false;
  }

  async #see(id: number): Promise<void> {
    await secondsUntil(this.desk, "clump nodes", new RegExp(`192\\.168\\.7\\.${id} .* up `), 30);
    await secondsUntil(this.node, "clump nodes", /192\.168\.7\.100 .* up /, 30);
  }

  /** The first process that moves brings criu and its libraries, which may take a minute: this one waits for as long. */
  async bringCriu(): Promise<void> {
    const pid = await this.#start("sleep 1000");
    await output(this.desk, `su u -c "migrate ${pid} ${this.id}; kill ${pid}"`, LONG);
    await output(this.desk, "wait", LONG);
  }

  /** Starts a job of an ordinary user, who has logged in; gives its pid. Its output is in the user's home. */
  async start(): Promise<number> {
    return await this.#start(WORK);
  }

  async #start(command: string): Promise<number> {
    const name = basename(command.split(" ")[0] ?? "");
    await output(this.desk, "rm -f /home/u/pid");
    await output(this.desk, `su - u -c 'echo $$ >pid; exec ${command} >out 2>&1 </dev/null' & true`);
    const runs = `[ "$(cat /proc/$(cat /home/u/pid)/comm)" = ${name} ]`;
    await output(this.desk, `until ${runs} 2>/dev/null; do sleep 0.2; done`, LONG);
    return Number(await output(this.desk, "cat /home/u/pid"));
  }

  /** Waits until nothing of clump runs on the workstation, which has left its cluster and whose jobs have ended. */
  async untilStopped(): Promise<void> {
    const states = "systemctl is-active clump clumpd clumpjobs clumpserve | xargs";
    await secondsUntil(this.desk, states, /^inactive inactive inactive inactive\n/, 20);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machines.disposeAsync();
  }
}
