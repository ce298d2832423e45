/**
 * A process whose threads are stopped, and which runs system calls that it did not ask for. So the original of a moved
 * process becomes its deputy: it keeps pid, parent, group, session, terminal and descriptors, and only its program is
 * another. No code is written: the vdso holds a system call instruction.
 */

import { closeSync, openSync, readdirSync, readFileSync, readSync, writeSync } from "node:fs";
import {
  detach,
  interrupt,
  type Registers,
  readRegisters,
  readSignalMask,
  registerOf,
  runToSystemCall,
  seize,
  setRegister,
  type ThreadChange,
  waitFor,
  writeRegisters,
  writeSignalMask,
} from "../../system/kernel/ptrace.ts";

/** x86-64, asm/unistd_64.h. */
const SYSTEM_CALLS = { mmap: 9, execve: 59, fcntl: 72 } as const;
const PROT_READ_WRITE = 3n;
const MAP_PRIVATE_ANONYMOUS = 0x22n;
const F_SETFD = 2n;
const ALL_SIGNALS = 0xffff_ffff_ffff_ffffn;
const PARAMETERS = ["rdi", "rsi", "rdx", "r10", "r8", "r9"];
/** The instruction "syscall". */
const SYSCALL = Buffer.from([0x0f, 0x05]);
/** A running thread stops within microseconds, and one that waits for a disk or a server when that has answered. */
const STOP_MILLISECONDS = 5_000;
/** On a busy processor the process needs its turn, which a tracer that never sleeps would take. */
const LOOK_MILLISECONDS = 0.2;
/** A call that a process makes for its tracer takes microseconds, unless its control group is frozen. */
const CALL_MILLISECONDS = 5_000;
const CALL_LOOK_MILLISECONDS = 0.02;
/** The other threads die in an exec within microseconds, once they have been waited for. */
const EXEC_MILLISECONDS = 5_000;
/** Of execve(2): 32 pages for one text, and for all a quarter of the stack; an eighth of its usual 8 MiB is enough. */
const MOST_TEXT_BYTES = 2 ** 20;

export class Tracee {
  readonly pid: number;
  readonly #threads: number[];
  readonly #registers: Registers;
  readonly #mask: bigint;
  readonly #instruction: bigint;

  /**
   * Stops every thread, with all signals blocked: none is lost or delivered from here on.
   * @throws SyscallError, and Error where a thread does not stop; the end of this process lets the threads go then
   */
  constructor(pid: number) {
    this.pid = pid;
    const others = readdirSync(`/proc/${pid}/task`).map(Number);
    this.#threads = [pid, ...others.filter((thread) => thread !== pid)];
    for (const thread of this.#threads) {
      seize(thread);
      interrupt(thread);
    }
    for (const thread of this.#threads) this.#awaitStop(thread);
    this.#registers = readRegisters(pid);
    this.#mask = readSignalMask(pid);
    this.#instruction = findInstruction(pid);
    writeSignalMask(pid, ALL_SIGNALS);
  }

  /** Gives the process back as it was, and lets it run. */
  release(): void {
    writeRegisters(this.pid, this.#registers);
    writeSignalMask(this.pid, this.#mask);
    this.letGo();
  }

  /** Lets the threads run as they are now. */
  letGo(): void {
    for (const thread of this.#threads) detach(thread);
  }

  /**
   * Runs another program in the process; descriptors of `keep` stay open in it. All signals stay blocked.
   * @throws Error where the kernel refuses; release() then gives the process back.
   */
  execute(
    path: string,
    given: {
      readonly argv: readonly string[];
      readonly env: readonly string[];
      readonly keep: readonly number[];
    },
  ): void {
    for (const fd of given.keep) this.#run("fcntl", [BigInt(fd), F_SETFD, 0n]);
    const texts = [path, ...given.argv, ...given.env].map((text) => Buffer.from(`${text}\0`));
    const pointers = texts.length + 1;
    const size = 8 * pointers + texts.reduce((sum, { length }) => sum + length, 0);
    if (size > MOST_TEXT_BYTES)
      throw new RangeError(
        `Cannot keep the arguments: they have ${size} bytes, and ${MOST_TEXT_BYTES} are the most`,
      );
    const base = this.#run("mmap", [0n, BigInt(size), PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1n, 0n]);
    const { bytes, places } = layOut(base, texts, given.argv.length);
    this.#write(base, bytes);
    this.#exec(places.path, places.argv, places.env);
  }

  #run(name: keyof typeof SYSTEM_CALLS, parameters: readonly bigint[]): bigint {
    this.#enter(name, parameters);
    runToSystemCall(this.pid);
    this.#expect("system call");
    const result = BigInt.asIntN(64, registerOf(readRegisters(this.pid), "rax"));
    if (result < 0n && result > -4096n)
      throw new Error(`Cannot run ${name} in process ${this.pid}: errno ${-result}`);
    return result;
  }

  #enter(name: keyof typeof SYSTEM_CALLS, parameters: readonly bigint[]): void {
    const registers = this.#registers.slice();
    // -1: the kernel is not to restart the call that the process was in.
    setRegister(registers, "orig_rax", -1n);
    setRegister(registers, "rax", BigInt(SYSTEM_CALLS[name]));
    setRegister(registers, "rip", this.#instruction);
    for (const [index, value] of parameters.entries()) setRegister(registers, PARAMETERS[index]!, value);
    writeRegisters(this.pid, registers);
    runToSystemCall(this.pid);
    this.#expect("system call");
  }

  #exec(path: bigint, argv: bigint, env: bigint): void {
    this.#enter("execve", [path, argv, env]);
    runToSystemCall(this.pid);
    const others = new Set(this.#threads.slice(1));
    const deadline = performance.now() + EXEC_MILLISECONDS;
    while (performance.now() < deadline) {
      // The exec waits until its tracer has waited for the threads that die of it.
      for (const thread of others) if (waitFor(thread, false)?.kind === "ended") others.delete(thread);
      const change = waitFor(this.pid, false);
      if (change?.kind === "exec") {
        this.#threads.length = 1;
        return;
      }
      if (change !== undefined)
        throw new Error(`Cannot run a deputy in process ${this.pid}: execve was refused`);
      Bun.sleepSync(LOOK_MILLISECONDS);
    }
    throw new Error(`Cannot run a deputy in process ${this.pid}: execve did not end`);
  }

  #awaitStop(thread: number): void {
    if (awaitChange(thread, STOP_MILLISECONDS, LOOK_MILLISECONDS) === undefined)
      throw new Error(`Cannot trace process ${this.pid}: it waits in the kernel, and does not stop`);
  }

  #expect(kind: "system call"): void {
    const change = awaitChange(this.pid, CALL_MILLISECONDS, CALL_LOOK_MILLISECONDS);
    if (change?.kind === kind) return;
    if (change === undefined) {
      // Only a stopped process can be given back: release().
      interrupt(this.pid);
      this.#awaitStop(this.pid);
    }
    throw new Error(
      `Cannot trace process ${this.pid}: ${change?.kind ?? "it stands still"}, and a ${kind} was wanted`,
    );
  }

  #write(at: bigint, bytes: Uint8Array): void {
    const memory = openSync(`/proc/${this.pid}/mem`, "r+");
    try {
      writeSync(memory, bytes, 0, bytes.length, Number(at));
    } finally {
      closeSync(memory);
    }
  }
}

/** What a thread did within so many milliseconds; `undefined` where it did nothing. */
function awaitChange(thread: number, milliseconds: number, look: number): ThreadChange | undefined {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const change = waitFor(thread, false);
    if (change !== undefined || performance.now() > deadline) return change;
    Bun.sleepSync(look);
  }
}

/** Pointers first, each list with its NULL, then the texts. */
function layOut(base: bigint, texts: readonly Buffer[], argc: number) {
  const [path, ...rest] = texts;
  let offset = 8 * (texts.length + 1);
  const pathAt = base + BigInt(offset);
  const addresses = [path!, ...rest].map((text) => {
    const address = base + BigInt(offset);
    offset += text.length;
    return address;
  });
  const list = [...addresses.slice(1, 1 + argc), 0n, ...addresses.slice(1 + argc), 0n];
  const bytes = Buffer.concat([Buffer.from(BigUint64Array.from(list).buffer), ...texts]);
  return { bytes, places: { path: pathAt, argv: base, env: base + BigInt(8 * (argc + 1)) } };
}

/** The address of a system call instruction in the vdso, vdso(7). */
function findInstruction(pid: number): bigint {
  const maps = readFileSync(`/proc/${pid}/maps`, "latin1");
  const [, from = "", to = ""] = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(maps) ?? [];
  const start = Number.parseInt(from, 16);
  const bytes = Buffer.alloc(Number.parseInt(to, 16) - start || 0);
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    readSync(memory, bytes, 0, bytes.length, start);
  } finally {
    closeSync(memory);
  }
  const at = bytes.indexOf(SYSCALL);
  if (at < 0) throw new Error(`Cannot trace process ${pid}: its vdso holds no system call`);
  return BigInt(start + at);
}
