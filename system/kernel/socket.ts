/** Sockets that no runtime offers: made by system calls, read event-driven. */

import { closeSync } from "node:fs";
import { call } from "./libc.ts";
import { SyscallError } from "./syscall-error.ts";

const AF_INET = 2;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_PEERCRED = 17;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
/** Connections that wait while nobody accepts them. */
const BACKLOG = 16;
/** Holds the burst of events of a machine that finds all its devices at once. */
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** What socket(2) is asked for. */
export interface SocketKind {
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
}

/**
 * A close-on-exec, non-blocking socket with a large receive buffer, closed again where `prepare` fails.
 * @throws SyscallError
 */
export function openSocket(kind: SocketKind, prepare: (fd: number) => void = () => {}): number {
  return openPrepared(kind, (fd) => {
    enlargeBuffer(fd);
    prepare(fd);
  });
}

/** A close-on-exec, non-blocking socket that listens on a TCP port of every IPv4 address. @throws SyscallError */
export function listenOnPort(port: number): number {
  return openPrepared({ family: AF_INET, type: SOCK_STREAM, protocol: 0 }, (fd) => {
    const one = new Uint8Array(new Int32Array([1]).buffer);
    call("setsockopt", "share a port", fd, SOL_SOCKET, SO_REUSEADDR, one, one.length);
    call("bind", `bind to port ${port}`, fd, encodeAnyAddress(port), 16);
    call("listen", `listen on port ${port}`, fd, BACKLOG);
  });
}

/** The process and the user at the other end of a UNIX socket that node:net has accepted, unix(7). @throws SyscallError */
export function peerOf(socket: object): { readonly pid: number; readonly uid: number } {
  const fd = descriptorOf(socket);
  if (fd === undefined) throw new Error("Cannot tell who asks: the connection is closed");
  // struct ucred: pid, uid, gid
  const credentials = new Int32Array(3);
  const length = new Int32Array([credentials.byteLength]);
  call("getsockopt", "tell who asks", fd, SOL_SOCKET, SO_PEERCRED, bytesOf(credentials), bytesOf(length));
  return { pid: credentials[0]!, uid: credentials[1]! >>> 0 };
}

/** The descriptor of a socket of node:net; `undefined` where it is closed. */
function descriptorOf(socket: object): number | undefined {
  const handle: unknown = Reflect.get(socket, "_handle");
  const fd: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : undefined;
  return typeof fd === "number" && fd >= 0 ? fd : undefined;
}

/**
 * Takes what has come on a socket of node:net that is paused; gives the number of bytes, 0 at its end, and `undefined` where
 * nothing has come yet. @throws SyscallError
 */
export function receiveInto(socket: object, buffer: Uint8Array): number | undefined {
  const fd = descriptorOf(socket);
  if (fd === undefined) return 0;
  try {
    return call("recv", "read from another node", fd, buffer, buffer.length, MSG_DONTWAIT);
  } catch (error) {
    if (error instanceof SyscallError && (error.errno === "EAGAIN" || error.errno === "EINTR"))
      return undefined;
    throw error;
  }
}

/**
 * Sends so many bytes of a file, from where it is read, on a socket of node:net that has nothing else to send; gives the
 * number of bytes, and `undefined` where the other end has to take some first. @throws SyscallError
 */
export function sendFrom(socket: object, file: number, count: number): number | undefined {
  const fd = descriptorOf(socket);
  if (fd === undefined) throw new Error("Cannot send: the connection is closed");
  try {
    return call("sendfile", "send to another node", fd, file, undefined, count);
  } catch (error) {
    if (error instanceof SyscallError && (error.errno === "EAGAIN" || error.errno === "EINTR"))
      return undefined;
    throw error;
  }
}

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer);
}

function openPrepared({ family, type, protocol }: SocketKind, prepare: (fd: number) => void): number {
  const fd = call("socket", "open a socket", family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  try {
    prepare(fd);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function enlargeBuffer(fd: number): void {
  const size = new Uint8Array(new Int32Array([RECEIVE_BUFFER_BYTES]).buffer);
  try {
    call("setsockopt", "enlarge a receive buffer", fd, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length);
  } catch (error) {
    // Only a test runs without CAP_NET_ADMIN, and the default buffer serves it.
    if (!(error instanceof SyscallError && error.errno === "EPERM")) throw error;
  }
}

/** struct sockaddr_in of INADDR_ANY; ip(7). */
function encodeAnyAddress(port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port);
  return bytes;
}

/** What arrives on a socket, in pieces that may each hold several datagrams; closes it at the end or the signal. */
export async function* readSocket(fd: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = Bun.file(fd).stream().getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    // Of a socket that has failed, as with ENETDOWN, the reader fails once more.
    await reader.cancel().catch(() => {});
    closeSync(fd);
  }
}
