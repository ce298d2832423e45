/** The shell on a node's serial console. */

import type { Vm } from "../../assets/qemu/vm.ts";
import { SOON } from "./node.ts";

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** A machine with a console: one that QEMU starts by a kernel, or by its firmware. */
export type Talking = Pick<Vm, "console">;

let count = 0;

/** Waits until a shell begins on the serial console and answers; kernel messages no longer mix with its output. */
export async function openShell(vm: Talking, { within }: { readonly within: number }): Promise<void> {
  await vm.console.expect(/BusyBox v.*\n/, { within });
  // What is typed before the prompt may be taken by the question for the terminal's size.
  await vm.console.expect("# ", SOON);
  vm.console.send("dmesg -n 1; echo shell''-ready\n");
  await vm.console.expect(/^shell-ready\n/m, SOON);
}

/** Runs one command line and waits for its end. */
export async function run(vm: Talking, command: string, limit = SOON): Promise<Finished> {
  const mark = `m${++count}`;
  // The quotes keep the echo of the typed line from looking like the marks.
  vm.console.send(`echo ${mark}''-begin; ${command}; echo ${mark}''-end $?\n`);
  // Where a line is typed before the prompt comes, the mark stands behind the prompt.
  const wanted = new RegExp(`${mark}-begin\\n([^]*?)${mark}-end (\\d+)\\n`);
  const match = await vm.console.expect(wanted, limit).catch((error: Error) => {
    // Ctrl-C: what hangs here must not hold the next command.
    vm.console.send("\x03");
    throw error;
  });
  return { output: match[1] ?? "", code: Number(match[2]) };
}

/** The output of a command that has to succeed. */
export async function output(vm: Talking, command: string, limit = SOON): Promise<string> {
  const finished = await run(vm, command, limit);
  if (finished.code === 0) return finished.output;
  throw new Error(`Cannot run ${command} on the node: it ended with ${finished.code}\n${finished.output}`);
}
