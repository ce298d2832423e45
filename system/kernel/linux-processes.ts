/** The real `Processes`. */

import { closeSync, constants } from "node:fs";
import { constants as osConstants } from "node:os";
import type { Pipe, Processes } from "./kernel.ts";
import { call } from "./libc.ts";
import { readSocket } from "./socket.ts";
import { SyscallError } from "./syscall-error.ts";

/** waitid(2) */
const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
/** The runtime reports a crash on these, and ends. */
const CRASH_SIGNALS = ["SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS"] as const;
/** open(2) */
const O_CLOEXEC = 0o2000000;

export const linuxProcesses: Processes = {
  endedChild,
  reap(pid) {
    call("waitpid", `collect process ${pid}`, pid, undefined, WNOHANG);
  },
  outliveSignals,
  pipe,
  signalAll,
};

function endedChild(): number | undefined {
  const info = new Uint8Array(128);
  try {
    call("waitid", "look for ended children", P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT);
  } catch (error) {
    if (error instanceof SyscallError && error.errno === "ECHILD") return undefined;
    throw error;
  }
  // siginfo_t has si_pid at byte 12 + 4 of padding on 64-bit Linux; 0 says that no child has ended.
  return new DataView(info.buffer).getInt32(16, true) || undefined;
}

function outliveSignals(): void {
  for (const name of CRASH_SIGNALS) {
    // SIG_DFL is 0. To ignore them instead would be passed on to every child.
    call("signal", `give ${name} its default action`, osConstants.signals[name], undefined);
  }
}

function pipe(signal: AbortSignal): Pipe {
  const ends = new Int32Array(2);
  call("pipe2", "make a pipe", new Uint8Array(ends.buffer), O_CLOEXEC | constants.O_NONBLOCK);
  const [reader, writer] = [ends[0]!, ends[1]!];
  return { writer, closeWriter: () => closeSync(writer), bytes: readSocket(reader, signal) };
}

function signalAll(signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-1, signal);
  } catch {
    // ESRCH: there is nobody left.
  }
}
