import { afterAll, afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { Daemon } from "../../../../cluster/daemon/clumpd.ts";
import { Session } from "../../../../cluster/daemon/session.ts";
import { readView } from "../../../../cluster/view.ts";
import { formatAddress } from "../../../../system/address/ipv4.ts";
import { createTerminalLog } from "../../../../system/log.ts";
import { until } from "../../../lib/until.ts";
import { recordNode, STATUS } from "../../../web/recorded.ts";

/** What the daemon does with its sessions, "open 192.168.1.7", in the order of the calls. */
const calls: string[] = [];
/** Whether sockets cannot be opened. */
let fails = false;
let node: ReturnType<typeof recordNode>;
let daemon: Daemon;

function record(method: "open" | "refresh" | "leave" | "close") {
  const spy = spyOn(Session.prototype, method);
  spy.mockImplementation(function (this: Session) {
    calls.push(`${method} ${formatAddress(this.identity.address)}`);
    if (method === "open" && fails) return Promise.reject(new Error("no socket today"));
    return Promise.resolve();
  });
  return spy;
}

const spies = [record("open"), record("refresh"), record("leave"), record("close")];

beforeEach(async () => {
  fails = false;
  node = recordNode(undefined);
  const control = { address: "127.0.0.1", port: 0 };
  const options = { root: node.root, discovery: "map", control, help: false } as const;
  daemon = new Daemon(options, { ...createTerminalLog("test"), info: () => {}, warn: () => {} });
  await daemon.start();
  calls.length = 0;
});

afterEach(async () => {
  await daemon.stop();
  node[Symbol.dispose]();
});

async function takes(change: Partial<typeof STATUS> | undefined, wanted: readonly string[]): Promise<void> {
  calls.length = 0;
  const { address: _, ...unaddressed } = STATUS;
  node.status(change === undefined ? unaddressed : { ...STATUS, ...change });
  await until(() => calls.length >= wanted.length, { within: 5 });
  expect(calls.slice(0, wanted.length)).toEqual([...wanted]);
}

test("an address opens a session, which follows what changes beside the address", async () => {
  await takes({}, ["open 192.168.1.7"]);
  await takes({ prefix: 16 }, ["refresh 192.168.1.7"]);
});

test("another address ends the session with a goodbye, and opens the next", async () => {
  await takes({}, ["open 192.168.1.7"]);
  await takes({ address: "192.168.1.9" }, ["leave 192.168.1.7", "open 192.168.1.9"]);
});

test("a lost address ends the session with a goodbye, and the view is empty", async () => {
  await takes({}, ["open 192.168.1.7"]);
  await takes(undefined, ["leave 192.168.1.7"]);
  await until(() => readView(node.root)?.nodes.length === 0, { within: 5 });
});

test("a session that cannot be opened is closed, and the next change opens another", async () => {
  fails = true;
  await takes({}, ["open 192.168.1.7", "close 192.168.1.7"]);
  fails = false;
  await takes({ prefix: 16 }, ["open 192.168.1.7"]);
});

afterAll(() => {
  for (const spy of spies) spy.mockRestore();
});
