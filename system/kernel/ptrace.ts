/** Tracing of threads, ptrace(2), in the words of its man page. All calls for a tracee come from one thread. */

import { address, call, traceCall } from "./libc.ts";

const REQUESTS = {
  SEIZE: 0x4206,
  INTERRUPT: 0x4207,
  GETREGS: 12,
  SETREGS: 13,
  SYSCALL: 24,
  DETACH: 17,
  GETSIGMASK: 0x420a,
  SETSIGMASK: 0x420b,
} as const;

/** PTRACE_O_TRACESYSGOOD and PTRACE_O_TRACEEXEC. */
const OPTIONS = 0x1 | 0x10;
/** __WALL and WNOHANG of waitpid(2). */
const WALL = 0x40000000;
const WNOHANG = 1;
const SIGNAL_SET_BYTES = 8;
/** Of kcmp(2) on x86-64, and its types for open file descriptions and for memory. */
const SYS_KCMP = 312;
const KCMP_FILE = 0;
const KCMP_VM = 1;

/** The order of struct user_regs_struct, sys/user.h; each register has 8 bytes. */
const REGISTERS =
  "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs gs".split(
    " ",
  );

/** What a thread that is waited for did: how it stopped, or that it ended. */
export type ThreadChange =
  | { readonly kind: "system call" | "exec" | "other stop" }
  | { readonly kind: "ended" };

export type Registers = BigUint64Array;

export function setRegister(registers: Registers, name: string, value: bigint): void {
  registers[REGISTERS.indexOf(name)] = BigInt.asUintN(64, value);
}

export function registerOf(registers: Registers, name: string): bigint {
  return registers[REGISTERS.indexOf(name)]!;
}

/** Attaches to a thread without stopping it. @throws SyscallError */
export function seize(thread: number): void {
  request("SEIZE", thread, 0, OPTIONS);
}

/** Stops a seized thread; waitFor() sees the stop. @throws SyscallError */
export function interrupt(thread: number): void {
  request("INTERRUPT", thread);
}

/** Lets a stopped thread run to the next entry or exit of a system call. @throws SyscallError */
export function runToSystemCall(thread: number): void {
  request("SYSCALL", thread);
}

/** @throws SyscallError */
export function detach(thread: number): void {
  request("DETACH", thread);
}

/** @throws SyscallError */
export function readRegisters(thread: number): Registers {
  const registers = new BigUint64Array(REGISTERS.length);
  request("GETREGS", thread, 0, memory(registers));
  return registers;
}

/** @throws SyscallError */
export function writeRegisters(thread: number, registers: Registers): void {
  request("SETREGS", thread, 0, memory(registers));
}

/** The blocked signals of a thread, bit 0 for signal 1. @throws SyscallError */
export function readSignalMask(thread: number): bigint {
  const mask = new BigUint64Array(1);
  request("GETSIGMASK", thread, SIGNAL_SET_BYTES, memory(mask));
  return mask[0]!;
}

/** @throws SyscallError */
export function writeSignalMask(thread: number, blocked: bigint): void {
  request("SETSIGMASK", thread, SIGNAL_SET_BYTES, memory(BigUint64Array.of(blocked)));
}

/**
 * Waits for a thread to stop or to end; `undefined` where it has done neither and `blocks` is false, or where nobody
 * is there to wait for.
 */
export function waitFor(thread: number, blocks = true): ThreadChange | undefined {
  const status = new Uint8Array(4);
  let found: number;
  try {
    found = call("waitpid", `wait for thread ${thread}`, thread, status, WALL | (blocks ? 0 : WNOHANG));
  } catch {
    return undefined;
  }
  return found === thread ? describe(new DataView(status.buffer).getInt32(0, true)) : undefined;
}

/** wait(2): a stop has 0x7f in its low byte, its signal above, and the event of ptrace(2) above that. */
function describe(status: number): ThreadChange {
  if ((status & 0xff) !== 0x7f) return { kind: "ended" };
  if (status >> 8 === (5 | 0x80)) return { kind: "system call" };
  return { kind: status >> 8 === (5 | (4 << 8)) ? "exec" : "other stop" };
}

/** Whether descriptors of two processes are one open file description, with one offset; kcmp(2). @throws SyscallError */
export function isSameDescription(
  one: { readonly pid: number; readonly fd: number },
  other: { readonly pid: number; readonly fd: number },
): boolean {
  const doing = `compare descriptors of ${one.pid} and ${other.pid}`;
  return traceCall("syscall", doing, SYS_KCMP, one.pid, other.pid, KCMP_FILE, one.fd, other.fd) === 0;
}

/** Whether two processes have one memory, as after vfork(2); kcmp(2). @throws SyscallError */
export function isSameMemory(one: number, other: number): boolean {
  const doing = `compare the memory of ${one} and ${other}`;
  return traceCall("syscall", doing, SYS_KCMP, one, other, KCMP_VM, 0, 0) === 0;
}

function request(
  name: keyof typeof REQUESTS,
  thread: number,
  at: number | bigint = 0,
  data: number | bigint = 0,
): void {
  traceCall("ptrace", `trace thread ${thread} (PTRACE_${name})`, REQUESTS[name], thread, at, data);
}

function memory(words: BigUint64Array): number {
  return address(new Uint8Array(words.buffer)) ?? 0;
}
