import { expect, test } from "bun:test";
import { closeSync, readdirSync, readlinkSync } from "node:fs";
import { follow } from "../../../../system/follow.ts";
import { call } from "../../../../system/kernel/libc.ts";
import { openNetlinkSocket } from "../../../../system/kernel/netlink-socket.ts";
import { readSocket } from "../../../../system/kernel/socket.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

/** Netlink between programs, which needs no rights; linux/netlink.h. */
const NETLINK_USERSOCK = 2;
const GROUP = { groups: 1, doing: "listen to a group" };
/** struct sockaddr_nl of that group; netlink(7). */
const TO_GROUP = Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
/** More than the receive buffer of a socket holds. */
const BURST = 600;

/** Whether a descriptor of this program is this socket: "socket:[4711]". */
function isOpen(socket: string | undefined): boolean {
  return readdirSync("/proc/self/fd").some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === socket;
    } catch {
      return false;
    }
  });
}

test("a socket that was overrun is closed, and what comes then is heard by another", async () => {
  const opened: string[] = [];
  const heard: number[] = [];
  const [log, abort] = [new FakeLog(), new AbortController()];
  const again = Promise.withResolvers<void>();
  async function* events(signal: AbortSignal) {
    const fd = openNetlinkSocket(NETLINK_USERSOCK, GROUP);
    opened.push(readlinkSync(`/proc/self/fd/${fd}`));
    if (opened.length > 1) again.resolve();
    yield* readSocket(fd, signal);
  }
  const handle = (bytes: Uint8Array): void => {
    heard.push(bytes.length);
    if (bytes.length === 1) abort.abort();
  };
  const following = follow({
    ...{ name: "listen", events, handle, look: () => {}, log, signal: abort.signal, pauseMilliseconds: 1 },
  });
  const sender = openNetlinkSocket(NETLINK_USERSOCK);
  const send = (length: number): void => {
    const message = new Uint8Array(length);
    // The group gets it; the kernel, which a group's message goes to as well, takes none.
    const act = () => call("sendto", "send", sender, message, length, 0, TO_GROUP, TO_GROUP.length);
    expect(act).toThrow("ECONNREFUSED");
  };
  // The socket is not read meanwhile.
  for (let count = 0; count < BURST; count++) send(8_192);
  await again.promise;
  expect(log.lines).toEqual(["warn: Cannot listen: no buffer space available, looking again"]);
  // The runtime's reader has a copy of the descriptor, which it closes a moment later.
  while (isOpen(opened[0])) await Bun.sleep(1);
  expect(isOpen(opened[1])).toBe(true);
  send(1);
  await following;
  expect(heard.at(-1)).toBe(1);
  closeSync(sender);
});
