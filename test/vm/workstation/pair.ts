/** A workstation and a booted node on a wire, which know one key. */

import { basename } from "node:path";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, startLan } from "../../lib/cluster.ts";
import { appendArchive } from "../../lib/patched-initrd.ts";
import { output } from "../../lib/shell.ts";
import type { Suite } from "./debian.ts";
import { WorkstationFiles } from "./machine.ts";

const KEY = "the-key-of-the-room";
/** Steps, megabytes, status and tag. */
export const WORK = "/srv/work 500 1 7 job";
/** dpkg(1), systemd, and a guest whose programs and libraries come over an emulated wire take their time. */
export const LONG = { within: 120 };

export class Pair implements AsyncDisposable {
  readonly desk: Vm;
  readonly node: Vm;
  /** What WORK writes. */
  readonly expected: string;
  readonly #machines: AsyncDisposableStack;

  private constructor(desk: Vm, node: Vm, expected: string, machines: AsyncDisposableStack) {
    this.desk = desk;
    this.node = node;
    this.expected = expected;
    this.#machines = machines;
  }

  /** @throws Error where one of the two does not boot */
  static async boot(suite: Suite): Promise<Pair> {
    await using machines = new AsyncDisposableStack();
    const files = machines.use(await WorkstationFiles.make(suite));
    const key = { path: "clump.key", type: "file", mode: 0o600, bytes: Buffer.from(`${KEY}\n`) } as const;
    const initrd = machines.use(appendArchive([key]));
    const work = Bun.spawn([files.work, ...WORK.split(" ").slice(1)]);
    const lan = machines.use(startLan());
    const [desk, node, expected] = await Promise.all([
      files.boot(`workstation-${suite}`, lan.path, 384).then((vm) => machines.use(vm)),
      bootMember(2, lan.path, { initrd: initrd.path }).then((vm) => machines.use(vm)),
      work.stdout.text(),
    ]);
    return new Pair(desk, node, expected, machines.move());
  }

  /** Installs the package and joins; gives what clump join says. */
  async join(): Promise<string> {
    await output(this.desk, "dpkg -i /srv/clump.deb", LONG);
    return await output(this.desk, `echo ${KEY} | clump join -`, LONG);
  }

  /** The first process that moves brings criu and its libraries, which may take a minute: this one waits for as long. */
  async bringCriu(): Promise<void> {
    const pid = await this.#start("sleep 1000");
    await output(this.desk, `su u -c "migrate ${pid} 2; kill ${pid}"`, LONG);
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
