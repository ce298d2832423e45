import { expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { call } from "../../../../init/kernel/libc.ts";
import { AF_NETLINK, openSocket, readSocket, SOCK_RAW } from "../../../../init/kernel/socket.ts";

const AF_INET = 2;
const SOCK_STREAM = 1;

/** "socket:[4711]", by which a socket is known whatever its number. */
const identity = (fd: number): string => readlinkSync(`/proc/self/fd/${fd}`);

const openSockets = (): string[] =>
  readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // The folder was itself one of them.
      return [];
    }
  });

test("openSocket() closes a socket that cannot be prepared", () => {
  let opened = "";
  const bind = (fd: number): void => {
    opened = identity(fd);
    call("bind", "listen to nobody", fd, Uint8Array.of(0), 1);
  };
  const kind = { family: AF_NETLINK, type: SOCK_RAW, protocol: 0 };
  expect(() => openSocket(kind, bind)).toThrow("Cannot listen to nobody: EINVAL");
  expect(opened).toStartWith("socket:");
  expect(openSockets()).not.toContain(opened);
});

test("readSocket() closes a socket that fails, and says how", async () => {
  // Connected to nobody: recv(2) fails at once.
  const fd = openSocket({ family: AF_INET, type: SOCK_STREAM, protocol: 0 });
  const opened = identity(fd);
  const read = Array.fromAsync(readSocket(fd, new AbortController().signal));
  await expect(read).rejects.toThrow("ENOTCONN");
  expect(openSockets()).not.toContain(opened);
});
