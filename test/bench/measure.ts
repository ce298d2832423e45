/** One boot of one contestant, measured. */

import type { NicModel } from "../../assets/qemu/nics.ts";
import { unpackKernel } from "../../assets/qemu/unpacked-kernel.ts";
import { startVm, type Vm } from "../../assets/qemu/vm.ts";
import { IMAGE_WORDS } from "../../modes/serve/entries.ts";
import type { Contestant } from "./contestants.ts";

const BOOT = { within: 120 };
/** A machine that counts instructions has one thread of this machine. */
const COUNTED_BOOT = { within: 300 };
const SOON = { within: 20 };
const RUN_INIT = /Run \/init as init process/;
/** Redraws a page whole. */
const CTRL_L = "\x0c";

export interface Boot {
  /** Seconds from the start of QEMU, by this machine's clock. */
  readonly fromStart: number;
  /** Seconds from the kernel's "Run /init", by the node's clock. */
  readonly fromInit: number;
  /** Seconds from "Run /init" to the first step of our program, by the node's clock; undefined for the others. */
  readonly toFirstStep: number | undefined;
  /** Megabytes in use then: MemTotal less MemAvailable. */
  readonly megabytes: number;
  /** What the node said, for a look at where the time goes. */
  readonly lines: readonly string[];
}

export interface BootOptions {
  readonly nic: NicModel;
  readonly memoryMegabytes: number;
  /** Whether the node's clock counts instructions instead of time: a second is 1e9 of them. */
  readonly countsInstructions?: boolean;
}

/** Boots until the address is set. @throws when it is not within two minutes */
export async function measureBoot(contestant: Contestant, options: BootOptions): Promise<Boot> {
  await using vm = await bootToAddress(contestant, options);
  const { timeOf } = vm.console;
  const fromStart = timeOf.call(vm.console, contestant.addressSet)! / 1000;
  const fromInit = secondsFromInit(vm, contestant);
  const megabytes = contestant.memory === "shell" ? await askShell(vm) : await readScreen(vm);
  const lines = vm.console.lines.map(({ text }) => text);
  const firstStep = firstStepTime(lines);
  const toFirstStep = firstStep === undefined ? undefined : firstStep - kernelTime(vm, RUN_INIT);
  return { fromStart, fromInit, toFirstStep, megabytes, lines };
}

/** Whether it boots, and shows or answers something, with so little memory. */
export async function bootsWith(contestant: Contestant, memoryMegabytes: number): Promise<boolean> {
  try {
    await measureBoot(contestant, { nic: "virtio-net-pci", memoryMegabytes });
    return true;
  } catch {
    return false;
  }
}

/** Seconds from "Run /init" to the address, by the node's clock; ends the machine there. @throws when there is none */
export async function measureFromInit(contestant: Contestant, options: BootOptions): Promise<number> {
  await using vm = await bootToAddress(contestant, options);
  return secondsFromInit(vm, contestant);
}

async function bootToAddress(contestant: Contestant, options: BootOptions): Promise<Vm> {
  const vm = await start(contestant, options);
  try {
    await vm.console.expect(contestant.addressSet, options.countsInstructions ? COUNTED_BOOT : BOOT);
    // The line may still be coming.
    await vm.console.expect("\n", SOON);
    return vm;
  } catch (error) {
    await vm[Symbol.asyncDispose]();
    throw error;
  }
}

function secondsFromInit(vm: Vm, { addressSet }: Contestant): number {
  return kernelTime(vm, addressSet) - kernelTime(vm, RUN_INIT);
}

async function start({ kernel, initrd, append }: Contestant, options: BootOptions): Promise<Vm> {
  const { nic, memoryMegabytes, countsInstructions = false } = options;
  return startVm({
    // The count begins at "Run /init", and unpacking takes an emulated machine longer than all that follows.
    kernel: countsInstructions ? await unpackKernel(kernel) : kernel,
    initrd,
    memoryMegabytes,
    countsInstructions,
    append: `console=tty0 console=ttyS0 ${IMAGE_WORDS} ${append}`.trim(),
    nics: [{ model: nic }],
    onRestart: "exit",
  });
}

function kernelTime({ console }: Vm, pattern: RegExp): number {
  return lineTime(console.lines.find(({ text }) => pattern.test(text))?.text ?? "");
}

function lineTime(line: string): number {
  return Number(/^\[ *([\d.]+)\]/.exec(line)?.[1]);
}

/** The steps before the log is open are logged when it is: what they took lies before that line. */
export function firstStepTime(lines: readonly string[]): number | undefined {
  const last = lines.findIndex((line) => /clump: open the kernel log: ok/.test(line));
  if (last < 0) return undefined;
  const steps = lines
    .slice(0, last + 1)
    .map((line) => Number(/clump: .*: ok \(([\d.]+) s\)/.exec(line)?.[1] ?? 0));
  return lineTime(lines[last]!) - steps.reduce((sum, seconds) => sum + seconds, 0);
}

async function askShell({ console }: Vm): Promise<number> {
  console.send(
    "echo used $(awk '/^MemTotal/ { t = $2 } /^MemAvailable/ { print t - $2 }' /proc/meminfo) kB\n",
  );
  const match = await console.expect(/^used (\d+) kB/m, SOON);
  return Number(match[1]) / 1024;
}

/** clumpview says "memory  81 of 455 MB". */
async function readScreen({ console }: Vm): Promise<number> {
  await console.expect("shut this node down", SOON);
  console.send(CTRL_L);
  return Number((await console.expect(/memory +(\d+) of \d+ MB/, SOON))[1]);
}
