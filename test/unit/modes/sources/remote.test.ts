import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerControl } from "../../../../cluster/daemon/control.ts";
import { ControlLine } from "../../../../cluster/daemon/control-line.ts";
import { stateFromView } from "../../../../cluster/daemon/own-state.ts";
import type { MovesReport } from "../../../../cluster/moves-report.ts";
import { keyOf } from "../../../../cluster/security/key.ts";
import type { ClusterView } from "../../../../cluster/view.ts";
import { openRemote, parseHost, readKey } from "../../../../modes/sources/remote.ts";
import { TokenBucket } from "../../../../system/token-bucket.ts";
import { makeReport } from "../../cluster/moves.ts";
import { NO_ORDERS } from "../../cluster/orders.ts";
import { CLUSTER } from "../clumpview/states.ts";

let folder = "";
let server: Server | undefined;
const sockets: Socket[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clumpview-"));
});

afterEach(() => {
  server?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  rmSync(folder, { recursive: true });
});

/** The control port of a node with the key "red", which has this view. */
async function serve(
  view: () => ClusterView = () => CLUSTER,
  moves: () => MovesReport | undefined = () => undefined,
): Promise<{ path: string }> {
  const path = join(folder, "control");
  const context = {
    nodes: () => view().nodes,
    view,
    state: () => stateFromView(undefined),
    setState: () => {},
    map: () => [],
    moves,
    orders: NO_ORDERS,
  };
  server = createServer((socket) => {
    sockets.push(socket);
    socket.write("clump control; help lists the commands, quit ends\r\n");
    const line = new ControlLine({
      isLocal: false,
      key: keyOf("red"),
      tries: new TokenBucket(5),
      answer: (text) => answerControl(text, context),
      send: (text) => void socket.write(text),
      close: () => socket.end(),
      now: () => 0,
    });
    socket.on("data", (bytes: Buffer) => line.receive(bytes));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(path, resolve);
  await promise;
  return { path };
}

describe("openRemote()", () => {
  test("shows the cluster as another node sees it", async () => {
    const problems = ["ünïcode"];
    const source = await openRemote(await serve(() => ({ ...CLUSTER, problems })), {
      name: "node77",
      key: "red",
    });
    expect(await source.sample()).toMatchObject({ load: 0.78, cpus: 2, uptime: 63 });
    expect(source.cluster()).toEqual({ ...CLUSTER, problems });
    expect(source.status()).toMatchObject({ hostname: "node77", node: 77, address: "192.168.1.77" });
    expect(source.origin).toBe("seen by node77");
    source.close();
  });

  test("shows what has moved there or from there, as soon as something has", async () => {
    let report: MovesReport | undefined;
    const target = await serve(undefined, () => report);
    const source = await openRemote(target, { name: "node77", key: "red" });
    expect(source.moves()).toBeUndefined();
    report = makeReport();
    await source.sample();
    expect(source.moves()).toEqual(report);
    source.close();
  });

  test("keeps the last view of a node that is gone, says so, and asks again", async () => {
    const target = await serve();
    const source = await openRemote(target, { name: "node77", key: "red" });
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
    await source.sample();
    expect(source.cluster()?.nodes.map(({ state }) => state)).not.toContain("up");
    expect(await source.sample()).toMatchObject({ load: 0, uptime: 63 });
    expect(source.cluster()?.problems).toEqual([expect.stringMatching(/^node77 does not answer: /)]);
    await serve();
    await source.sample();
    expect(source.cluster()).toEqual(CLUSTER);
    source.close();
  });

  test("asks a slow node once at a time", async () => {
    const source = await openRemote(await serve(), { name: "node77", key: "red" });
    let questions = 0;
    for (const socket of sockets) {
      socket.removeAllListeners("data").on("data", (bytes: Buffer) => {
        questions += bytes.toString().split("\n").length - 1;
        socket.destroy();
      });
    }
    await Promise.all([source.sample(), source.sample()]);
    expect(questions).toBe(1);
    source.close();
  });

  test("waits for an answer no longer than it is told to", async () => {
    const path = join(folder, "control");
    server = createServer((socket) => sockets.push(socket)).listen(path);
    const silent = openRemote({ path }, { name: "node77", key: "red", answerMilliseconds: 20 });
    expect(silent).rejects.toThrow("Cannot show node77: no answer within 0.02 s");
  });

  test.each([
    ["the wrong key", "blue", "Cannot show node77: Cannot trust this connection: that is not the key"],
    [
      "no key",
      undefined,
      "Cannot show node77: Cannot answer: a connection from outside must prove the cluster key",
    ],
  ])("says what is wrong with %s", async (_, key, message) => {
    expect(openRemote(await serve(), { name: "node77", key })).rejects.toThrow(new RegExp(message));
  });

  test("says that nobody is there", async () => {
    const nobody = openRemote({ path: join(folder, "absent") }, { name: "node77", key: "red" });
    expect(nobody).rejects.toThrow(/^Cannot show node77: no such file or directory/);
  });

  test("shows nothing of a machine that cannot prove the key, and sends it no question", async () => {
    const path = join(folder, "control");
    const heard: string[] = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("data", (bytes: Buffer) => {
        heard.push(bytes.toString());
        socket.write(`${"0".repeat(heard.length === 1 ? 32 : 64)}\r\nok\r\n`);
      });
    }).listen(path);
    const impostor = openRemote({ path }, { name: "node77", key: "red" });
    expect(await impostor.catch(String)).toBe(
      "Error: Cannot show node77: it cannot prove that it has the cluster key",
    );
    expect(heard).toEqual([expect.stringMatching(/^prove /), expect.stringMatching(/^proof /)]);
    expect(heard.join("")).not.toContain("red");
  });

  test("goes on without the key for nobody, whatever a machine says instead of a proof", async () => {
    const path = join(folder, "control");
    const heard: string[] = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("data", (bytes: Buffer) => {
        heard.push(bytes.toString());
        socket.write("Cannot check a key: \u001b[2J\r\nfailed\r\n");
      });
    }).listen(path);
    const impostor = openRemote({ path }, { name: "node77", key: "red" });
    expect(await impostor.catch(String)).toBe("Error: Cannot show node77: Cannot check a key: ?[2J");
    expect(heard).toHaveLength(1);
  });

  test("takes no answer that was changed on the way", async () => {
    const source = await openRemote(await serve(), { name: "node77", key: "red" });
    for (const socket of sockets) {
      const write = socket.write.bind(socket);
      socket.write = (text: unknown) => write(String(text).replace('"isOpen":true', '"isOpen":false'));
    }
    await source.sample();
    expect(source.cluster()?.problems).toEqual(["node77 does not answer: its answer was changed on the way"]);
    expect(source.cluster()?.nodes.map(({ state }) => state)).not.toContain("up");
    source.close();
  });

  test("takes no other answer for a view", async () => {
    const target = await serve(() => JSON.parse('{"nodes":[{}]}') as ClusterView);
    expect(openRemote(target, { name: "node77", key: "red" })).rejects.toThrow(
      "its answer is no view of a cluster",
    );
  });
});

test.each([
  ["10.0.0.7", { host: "10.0.0.7", port: 5430 }],
  ["node7:99", { host: "node7", port: 99 }],
])("parseHost() of %s", (text, wanted) => {
  expect(parseHost(text)).toEqual(wanted);
});

test.each(["", "a b", "10.0.0.7:0", "10.0.0.7:99999", "x:y"])("parseHost() refuses %j", (text) => {
  expect(() => parseHost(text)).toThrow("an address or a name was wanted");
});

test("readKey() takes a file as a node does", () => {
  const path = join(folder, "key");
  writeFileSync(path, "red\n");
  expect(readKey(path)).toBe("red");
  expect(() => readKey(join(folder, "absent"))).toThrow("Cannot read the key: no such file or directory");
});
