import { afterEach, expect, jest, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { ControlProof } from "../../../../cluster/daemon/control-proof.ts";
import { serveConnection, startControlServer } from "../../../../cluster/daemon/control-server.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import { createNonce } from "../../../../cluster/security/mutual-proof.ts";
import { createTerminalLog } from "../../../../system/log.ts";
import { PATHS } from "../../../../system/state/paths.ts";
import { TokenBucket } from "../../../../system/token-bucket.ts";
import { settle } from "../../../lib/fake-kernel.ts";
import { NODES, VIEW } from "../nodes.ts";
import { NO_ORDERS } from "../orders.ts";

const folders: string[] = [];
afterEach(() => {
  jest.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function start(port: number, view = VIEW) {
  const root = mkdtempSync(join(tmpdir(), "control-"));
  folders.push(root);
  const warnings: string[] = [];
  const state = { settings: new Set<"stay">(), speed: 10_000, isSpeedKnown: false };
  const server = startControlServer({
    root,
    tcp: { address: "127.0.0.1", port },
    key: undefined,
    log: { ...createTerminalLog("test"), warn: (text) => void warnings.push(text) },
    context: {
      nodes: () => NODES,
      map: () => [],
      view: () => view,
      state: () => state,
      setState: () => {},
      orders: NO_ORDERS,
    },
  });
  return { root, warnings, server };
}

async function occupy(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" ? (address?.port ?? 0) : 0 };
}

const opens = (socket: Socket) =>
  new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });

test("a port that cannot be opened is named once, and opened when it can be", async () => {
  const { server: other, port } = await occupy();
  const { warnings, server } = start(port);
  const control = await server;
  await control.retry();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toStartWith("Cannot open a control port: ");
  await new Promise((resolve) => other.close(resolve));
  await control.retry();
  const socket = connect(port, "127.0.0.1");
  expect(await opens(socket)).toBe(true);
  socket.destroy();
  control.close();
});

test("a port that cannot be opened for long leaves nothing behind of each try", async () => {
  const { server: other, port } = await occupy();
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on("warning", hear);
  const control = await start(port).server;
  for (let turn = 0; turn < 20; turn++) await control.retry();
  await new Promise((resolve) => other.close(resolve));
  process.off("warning", hear);
  expect(warnings).toEqual([]);
  control.close();
});

/** A connection from outside, as the server sees it: what it hears, and whether it is still open. */
function stranger() {
  const end = new Duplex({ read: () => {}, write: (_bytes, _encoding, done) => done() });
  return Object.assign(end, { setTimeout: () => end }) as unknown as Socket;
}

test("a connection from outside that has not proved the key ends after 30 s, whatever it sends meanwhile", async () => {
  jest.useFakeTimers();
  const context = {
    nodes: () => NODES,
    map: () => [],
    moves: () => undefined,
    view: () => VIEW,
    setState: () => {},
  };
  const state = () => ({ settings: new Set<"stay">(), speed: 10_000, isSpeedKnown: false });
  const key = keyOf("a secret");
  const options = {
    key,
    context: { ...context, state, orders: NO_ORDERS },
    tries: new TokenBucket(5),
  };
  const [slow, proved, local] = [stranger(), stranger(), stranger()];
  for (const socket of [slow, proved]) serveConnection(socket, { ...options, isLocal: false });
  serveConnection(local, { ...options, isLocal: true });
  let answer = "";
  proved.write = (text: unknown) => {
    answer = String(text);
    return true;
  };
  const client = createNonce();
  proved.push(`prove ${client}\n`);
  await settle();
  const proof = new ControlProof(key, { client, server: answer.split("\r\n")[0] ?? "" });
  proved.push(`proof ${proof.of("client")}\n`);
  for (let second = 1; second < 30; second++) {
    slow.push("x");
    await settle();
    jest.advanceTimersByTime(1_000);
  }
  expect(slow.destroyed).toBe(false);
  jest.advanceTimersByTime(1_000);
  expect([slow.destroyed, proved.destroyed, local.destroyed]).toEqual([true, false, false]);
});

test("whoever asks on and on and does not read is hung up on", async () => {
  const problems = ["x".repeat(1_000_000)];
  const { root, server } = start(0, { ...VIEW, problems });
  const control = await server;
  const socket = connect(root + PATHS.clumpdSocket);
  expect(await opens(socket)).toBe(true);
  socket.pause();
  socket.write("view\n".repeat(49));
  const { promise, resolve } = Promise.withResolvers<number>();
  let heard = 0;
  socket.on("data", (bytes: Buffer) => {
    heard += bytes.length;
  });
  socket.on("close", () => resolve(heard));
  socket.on("error", () => {});
  socket.resume();
  expect(await promise).toBeLessThan(48_000_000);
  control.close();
});
