/** The real `Kernel`, by system calls; numbers as in Linux on x86-64. */

import { closeSync, constants, openSync } from "node:fs";
import { constants as osConstants } from "node:os";
import type { Kernel, MachineEnd, MountFlag, Pipe, Uevent } from "./kernel.ts";
import { call } from "./libc.ts";
import { linuxClock } from "./linux-clock.ts";
import { addBlocks } from "./linux-console.ts";
import { linuxNetwork } from "./linux-network.ts";
import { openNetlinkSocket } from "./netlink-socket.ts";
import { listenOnPort, readSocket } from "./socket.ts";
import { SyscallError } from "./syscall-error.ts";
import { decodeUevents } from "./uevent.ts";

/** mount(2) */
const MOUNT_FLAGS: Record<MountFlag, number> = {
  "read-only": 0x1,
  nosuid: 0x2,
  nodev: 0x4,
  noexec: 0x8,
  remount: 0x20,
  bind: 0x1000,
};
/** umount(2) */
const MNT_DETACH = 2;
/** reboot(2) */
const REBOOT_COMMANDS: Record<MachineEnd, number> = {
  "power-off": 0x4321fedc,
  restart: 0x01234567,
  halt: 0xcdef0123 | 0,
};
/** waitid(2) */
const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
/** The runtime reports a crash on these, and ends. */
const CRASH_SIGNALS = ["SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS"] as const;
/** open(2) */
const O_CLOEXEC = 0o2000000;
/** ioctl_console(2) */
const TIOCLINUX = 0x541c;
const GET_SHIFT_STATE = 6;
const SHIFT_BIT = 1;
/** linux/cdrom.h */
const CDROMEJECT = 0x5309;
/** ioctl_tty(2), struct serial_struct of linux/serial.h */
const TIOCGSERIAL = 0x541e;
const TIOCSSERIAL = 0x541f;
const SERIAL_STRUCT_BYTES = 72;
const CLOSING_WAIT_AT = 40;
const NETLINK_KOBJECT_UEVENT = 15;
/** The group that the kernel itself speaks to; udev's daemon would use 2. */
const KERNEL_EVENTS = 1;

export const linux: Kernel = {
  mount({ source, target, type, flags = [], data = "" }) {
    const bits = flags.reduce((sum, flag) => sum | MOUNT_FLAGS[flag], 0);
    call("mount", `mount ${type || source} on ${target}`, source, target, type, bits, data);
  },
  unmount(target, { lazy } = { lazy: false }) {
    call("umount2", `unmount ${target}`, target, lazy ? MNT_DETACH : 0);
  },
  sync() {
    call("sync", "write the dirty pages");
  },
  end(how) {
    call("reboot", how === "restart" ? "restart the machine" : `${how} the machine`, REBOOT_COMMANDS[how]);
  },
  endedChild,
  reap(pid) {
    call("waitpid", `collect process ${pid}`, pid, undefined, WNOHANG);
  },
  outliveSignals,
  pipe,
  signalAll,
  shiftHeld,
  addBlocks,
  eject,
  limitDrain,
  listen: listenOnPort,
  uevents,
  network: linuxNetwork,
  clock: linuxClock,
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

function shiftHeld(): boolean {
  const fd = openSync("/dev/tty0", "r");
  try {
    const state = Uint8Array.of(GET_SHIFT_STATE);
    call("ioctl", "read the state of the Shift keys", fd, TIOCLINUX, state);
    return (state[0]! & SHIFT_BIT) !== 0;
  } finally {
    closeSync(fd);
  }
}

function eject(path: string): void {
  // Without O_NONBLOCK opening would close an open tray.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    call("ioctl", `eject the disc in ${path}`, fd, CDROMEJECT, undefined);
  } finally {
    closeSync(fd);
  }
}

function limitDrain(path: string, seconds: number): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    const line = new Uint8Array(SERIAL_STRUCT_BYTES);
    call("ioctl", `read the settings of ${path}`, fd, TIOCGSERIAL, line);
    new DataView(line.buffer).setUint16(CLOSING_WAIT_AT, 100 * seconds, true);
    call("ioctl", `set up ${path}`, fd, TIOCSSERIAL, line);
  } finally {
    closeSync(fd);
  }
}

async function* uevents(signal: AbortSignal): AsyncGenerator<Uevent> {
  const listening = { groups: KERNEL_EVENTS, doing: "listen to device events" };
  const fd = openNetlinkSocket(NETLINK_KOBJECT_UEVENT, listening);
  for await (const bytes of readSocket(fd, signal)) yield* decodeUevents(bytes);
}
