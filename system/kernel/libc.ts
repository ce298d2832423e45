/** The one door to `bun:ffi`: the C library's functions, and errno read at once. */

import { type CString, dlopen, FFIType, ptr, read } from "bun:ffi";
import { SyscallError } from "./syscall-error.ts";

const { i32, u32, u64, i64_fast: ssize, ptr: pointer, cstring, void: nothing } = FFIType;

const { symbols } = dlopen("libc.so.6", {
  __errno_location: { args: [], returns: pointer },
  strerror: { args: [i32], returns: cstring },
  // mount(2), umount2(2), sync(2), reboot(2)
  mount: { args: [pointer, pointer, pointer, u64, pointer], returns: i32 },
  umount2: { args: [pointer, i32], returns: i32 },
  sync: { args: [], returns: nothing },
  reboot: { args: [i32], returns: i32 },
  // settimeofday(2), adjtime(3)
  settimeofday: { args: [pointer, pointer], returns: i32 },
  adjtime: { args: [pointer, pointer], returns: i32 },
  // wait(2)
  waitid: { args: [i32, u32, pointer, i32], returns: i32 },
  waitpid: { args: [i32, pointer, i32], returns: i32 },
  // signal(2); what it answers is an address
  signal: { args: [i32, pointer], returns: ssize },
  // pipe(2)
  pipe2: { args: [pointer, i32], returns: i32 },
  // ioctl(2), socket(2), bind(2), listen(2), send(2), recv(2), sendfile(2), setsockopt(2), getsockopt(2)
  ioctl: { args: [i32, u64, pointer], returns: i32 },
  socket: { args: [i32, i32, i32], returns: i32 },
  bind: { args: [i32, pointer, u32], returns: i32 },
  listen: { args: [i32, i32], returns: i32 },
  sendto: { args: [i32, pointer, u64, i32, pointer, u32], returns: ssize },
  recv: { args: [i32, pointer, u64, i32], returns: ssize },
  sendfile: { args: [i32, i32, pointer, u64], returns: ssize },
  setsockopt: { args: [i32, i32, i32, pointer, u32], returns: i32 },
  getsockopt: { args: [i32, i32, i32, pointer, pointer], returns: i32 },
});

type LibcFunction = Exclude<keyof typeof symbols, "__errno_location" | "strerror">;

/** Opened when a process is first traced: process 1, which starts the machine, does not pay for them. */
function openTraceCalls() {
  return dlopen("libc.so.6", {
    // ptrace(2), and syscall(2) for kcmp(2), which the C library does not wrap
    ptrace: { args: [FFIType.i64, FFIType.i64, u64, u64], returns: FFIType.i64_fast },
    syscall: { args: [FFIType.i64, u64, u64, u64, u64, u64], returns: FFIType.i64_fast },
  }).symbols;
}

let traceSymbols: ReturnType<typeof openTraceCalls> | undefined;

/**
 * Calls ptrace(2) or syscall(2); addresses and registers are unsigned 64-bit numbers.
 * @throws SyscallError as call() does
 */
export function traceCall(
  name: "ptrace" | "syscall",
  doing: string,
  ...args: readonly (number | bigint)[]
): number {
  traceSymbols ??= openTraceCalls();
  const invoke = traceSymbols[name] as (...args: unknown[]) => number | bigint;
  const result = Number(invoke(...args));
  if (result !== -1) return result;
  const errno = read.i32(symbols.__errno_location()!);
  throw syscallError(name, doing, errno);
}

/** What a call takes: a number, or memory it may read and write (text goes in with its closing NUL). */
export type Argument = number | string | Uint8Array | undefined;

/**
 * Calls one function of the C library.
 * @throws SyscallError "Cannot <doing>: EBUSY (device or resource busy)" where it answers -1
 */
export function call(name: LibcFunction, doing: string, ...args: readonly Argument[]): number {
  // Texts become bytes that must outlive the call: the array keeps them reachable.
  const memory = args.map((arg) => (typeof arg === "string" ? Buffer.from(`${arg}\0`) : arg));
  const words = memory.map((arg) => (typeof arg === "number" ? arg : address(arg)));
  const invoke = symbols[name] as (...args: unknown[]) => number | undefined;
  const result = Number(invoke(...words) ?? 0);
  if (result !== -1) return result;
  const errno = read.i32(symbols.__errno_location()!);
  throw syscallError(name, doing, errno);
}

/** The error of a call that answered with an errno number of its own. */
export function syscallError(name: string, doing: string, errno: number): SyscallError {
  return new SyscallError(name, errno, { doing, meaning: String(symbols.strerror(errno) as CString) });
}

/** The address of one piece of memory, for the structs that hold addresses; keep the memory reachable. */
export function address(memory: Uint8Array | undefined): number | null {
  return memory === undefined || memory.length === 0 ? null : ptr(memory);
}
