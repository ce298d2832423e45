/** A workstation and a diskless node on a wire, in one cluster. */

import { basename } from "node:path";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, secondsUntil, startLan } from "../../lib/cluster.ts";
import type { Suite } from "../../lib/debian/suites.ts";
import { appendArchive } from "../../lib/patched-initrd.ts";
import { output } from "../../lib/shell.ts";
import { type Content, WorkstationFiles } from "./machine.ts";

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
  /** The number of the node, and the last byte of its address. */
  readonly id = 2;
  #node: Vm | undefined;

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
      files.boot(`workstation-${suite}`, lan.path, 384).then((vm) => machines.use(vm)),
      work.stdout.text(),
    ]);
    return new Pair(desk, expected, lan, machines.move());
  }

  get node(): Vm {
    if (this.#node === undefined) throw new Error("Cannot ask the node: it has not been booted");
    return this.#node;
  }

  /**
   * Boots the node from this machine, with a key that stands beside its image, and has the workstation join; gives what
   * clump join says.
   */
  async joinNode(): Promise<string> {
    const key = { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from(`${KEY}\n`) } as const;
    const initrd = this.#machines.use(appendArchive([key]));
    this.#node = this.#machines.use(await bootMember(this.id, this.#lan.path, { initrd: initrd.path }));
    const said = await output(this.desk, `echo ${KEY} | clump join -`, LONG);
    await this.#see();
    return said;
  }

  /** Takes the DHCP server from the wire. */
  silenceDhcp(): void {
    this.#lan.answers = false;
  }

  async #see(): Promise<void> {
    await secondsUntil(this.desk, "clump nodes", new RegExp(`192\\.168\\.7\\.${this.id} .* up `), 30);
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machines.disposeAsync();
  }
}
