/** A workstation and a booted node on a wire, which know one key. */

import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, startLan } from "../../lib/cluster.ts";
import { appendArchive } from "../../lib/patched-initrd.ts";
import { output } from "../../lib/shell.ts";
import type { Suite } from "./debian.ts";
import { WorkstationFiles } from "./machine.ts";

const KEY = "the-key-of-the-room";
/** Steps, megabytes, status and tag: a minute, for the first move of a busy host may take half of that. */
export const WORK = "/srv/work 900 1 7 job";
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

  /** Starts a job of an ordinary user, who has logged in; gives its pid. Its output is in the user's home. */
  async start(): Promise<number> {
    await output(this.desk, "rm -f /home/u/pid");
    await output(this.desk, `su - u -c 'echo $$ >pid; exec ${WORK} >out 2>&1 </dev/null' & true`);
    const runs = '[ "$(cat /proc/$(cat /home/u/pid)/comm)" = work ]';
    await output(this.desk, `until ${runs} 2>/dev/null; do sleep 0.2; done`, LONG);
    return Number(await output(this.desk, "cat /home/u/pid"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machines.disposeAsync();
  }
}
