/** One running virtual machine with its console and its monitor; it ends with the program that started it. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findAccelerator, findQemu, qemuCommandWithPipe } from "./accelerator.ts";
import { machineArguments, shellLine, type VmOptions } from "./arguments.ts";
import { Console } from "./console.ts";
import { Qmp, type QmpEvent } from "./qmp.ts";

/** How a machine ended: the reason of SHUTDOWN (qapi/run-state.json), or "killed" without that event. */
export type VmEnd =
  | "guest-shutdown"
  | "guest-reset"
  | "guest-panic"
  | "host-qmp-quit"
  | "host-signal"
  | "killed";

export interface Vm extends AsyncDisposable {
  readonly console: Console;
  readonly qmp: Qmp;
  /** The command line that starts the same machine in a terminal. */
  readonly command: string;
  /** Waits until the machine has ended by itself; `within` is in seconds. @throws when it does not. */
  ended(options: { readonly within: number }): Promise<VmEnd>;
}

/** Every limit is multiplied by `VM_TIME`; limits are written for emulation on a slow machine. */
export function timeFactor(): number {
  const text = process.env["VM_TIME"] ?? "1";
  const factor = Number(text);
  if (factor > 0) return factor;
  throw new RangeError(`Cannot use VM_TIME=${text}: a number above 0 was wanted`);
}

/** Starts a machine. The output of its console also goes to the file `log`, byte for byte. */
export async function startVm(options: VmOptions & { readonly log?: string }): Promise<Vm> {
  const machine = machineArguments(options, await findAccelerator());
  const folder = mkdtempSync(join(tmpdir(), "clump-vm-"));
  const command = shellLine([findQemu(), ...machine, "-serial", "mon:stdio"]);
  let end: VmEnd = "killed";
  const qmp = new Qmp(join(folder, "qmp"), (event) => {
    end = endOf(event) ?? end;
  });

  const qemu = Bun.spawn([...qemuCommandWithPipe(), ...machine, ...ownDevices(folder, options)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const console = new Console({ write, reproduction: command, timeFactor: timeFactor() });
  const drained = drain(qemu.stdout, console, options.log);
  const complaint = qemu.stderr.text();
  const exited = Promise.all([qemu.exited, drained, complaint]).then(async ([code, , said]) => {
    // QMP may tell the reason of the end after QEMU has exited.
    await qmp.heardAll();
    const why = end === "killed" ? `QEMU ended with ${code}: ${said.trim()}` : `the machine ended (${end})`;
    console.end(why);
    qmp.end(why);
    return end;
  });

  function write(bytes: string): void {
    qemu.stdin.write(bytes);
    qemu.stdin.flush();
  }

  async function close(): Promise<void> {
    qemu.kill("SIGKILL");
    await exited;
    qmp[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  }

  await plugCables(qmp, options);
  return {
    console,
    qmp,
    command,
    ended: ({ within }) => withLimit(exited, within * timeFactor(), console),
    [Symbol.asyncDispose]: close,
  };
}

/** The machine waits (-S) until `plugCables()` has set the carrier of its NICs. */
function ownDevices(folder: string, options: VmOptions): string[] {
  const line =
    typeof options.serial === "object"
      ? `socket,id=console,path=${options.serial.path}`
      : "stdio,id=console,signal=off";
  const serial = options.serial === false ? [] : ["-chardev", line, "-serial", "chardev:console"];
  return [...serial, "-qmp", `unix:${join(folder, "qmp")}`, "-S"];
}

/** Takes the carrier from the NICs that begin without one, then lets the machine run. */
async function plugCables(qmp: Qmp, { nics }: VmOptions): Promise<void> {
  try {
    for (const [index, { carrier }] of nics.entries()) {
      if (carrier === false) await qmp.execute("set_link", { name: `nic${index}`, up: false });
    }
    await qmp.execute("cont");
  } catch {
    // A QEMU that did not start says why at the first expectation, with the command that shows it.
  }
}

async function drain(
  stdout: ReadableStream<Uint8Array>,
  console: Console,
  log: string | undefined,
): Promise<void> {
  const copy = log === undefined ? undefined : openLog(log);
  for await (const bytes of stdout) {
    console.receive(bytes);
    copy?.write(bytes);
  }
  await copy?.end();
}

/** Removes an older log first: a writer does not truncate, and would leave the end of a longer log. */
function openLog(path: string): Bun.FileSink {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  return Bun.file(path).writer();
}

function endOf({ event, data }: QmpEvent): VmEnd | undefined {
  return event === "SHUTDOWN" ? (data?.["reason"] as VmEnd) : undefined;
}

async function withLimit(ended: Promise<VmEnd>, seconds: number, console: Console): Promise<VmEnd> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = () =>
    reject(new Error(`Cannot end the machine: it still runs after ${seconds} s\n${console.describe()}`));
  const timer = setTimeout(late, seconds * 1000);
  try {
    return await Promise.race([ended, promise]);
  } finally {
    clearTimeout(timer);
  }
}
