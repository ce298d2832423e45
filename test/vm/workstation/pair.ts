/** A workstation and a booted node on a wire, which know one key. */

import type { Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, startLan } from "../../lib/cluster.ts";
import { appendArchive } from "../../lib/patched-initrd.ts";
import { output } from "../../lib/shell.ts";
import type { Suite } from "./debian.ts";
import { WorkstationFiles } from "./machine.ts";

const KEY = "the-key-of-the-room";
/** Steps, megabytes, status and tag. */
export const WORK = "/srv/work 300 1 7 job";
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
    const expected = Bun.spawnSync([files.work, ...WORK.split(" ").slice(1)]).stdout.toString();
    const lan = machines.use(startLan());
    const [desk, node] = await Promise.all([
      files.boot(`workstation-${suite}`, lan.path, 384).then((vm) => machines.use(vm)),
      bootMember(2, lan.path, { initrd: initrd.path }).then((vm) => machines.use(vm)),
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
    await output(this.desk, `su - u -c "exec ${WORK} >out 2>&1 </dev/null" & sleep 2`);
    return Number(await output(this.desk, "pidof work"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#machines.disposeAsync();
  }
}
