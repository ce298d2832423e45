import { expect, test } from "bun:test";
import { readlinkSync } from "node:fs";
import { call } from "../../../../system/kernel/libc.ts";
import { AF_NETLINK, openSocket, readSocket, SOCK_RAW } from "../../../../system/kernel/socket.ts";

const AF_INET = 2;
const SOCK_STREAM = 1;

/** "socket:[4711]"; undefined where nothing is open by this number. */
function identity(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

test("openSocket() closes a socket that cannot be prepared", () => {
  let opened: { readonly fd: number; readonly name: string | undefined } | undefined;
  const bind = (fd: number): void => {
    opened = { fd, name: identity(fd) };
    call("bind", "listen to nobody", fd, Uint8Array.of(0), 1);
  };
  const kind = { family: AF_NETLINK, type: SOCK_RAW, protocol: 0 };
  expect(() => openSocket(kind, bind)).toThrow("Cannot listen to nobody: EINVAL");
  expect(opened?.name).toStartWith("socket:");
  expect(identity(opened?.fd ?? 0)).not.toBe(opened?.name);
});

test("readSocket() closes a socket that fails, and says how", async () => {
  // Connected to nobody: recv(2) fails at once.
  const fd = openSocket({ family: AF_INET, type: SOCK_STREAM, protocol: 0 });
  const name = identity(fd);
  const read = Array.fromAsync(readSocket(fd, new AbortController().signal));
  await expect(read).rejects.toThrow("ENOTCONN");
  expect(name).toStartWith("socket:");
  expect(identity(fd)).not.toBe(name);
});
