import { afterEach, describe, expect, test } from "bun:test";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type ClusterKey, keyOf } from "../../../../cluster/security/key.ts";
import { createNonce, MutualProof } from "../../../../cluster/security/mutual-proof.ts";
import { Door } from "../../../../cluster/tunnel/door.ts";
import { doorProof, GREETING } from "../../../../cluster/tunnel/door-visit.ts";
import { knock } from "../../../../cluster/tunnel/knock.ts";
import { listenOnPort } from "../../../../system/kernel/socket.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";
import { freePort } from "../../../lib/port.ts";

const KEY = keyOf("a secret");
const HOST = "127.0.0.1";
const VISITOR = "127.0.0.2";
const open: (Door | Server)[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Given {
  readonly admit?: () => Promise<void>;
  readonly milliseconds?: number;
  readonly key?: ClusterKey | undefined;
  readonly descriptor?: number;
}

async function openDoor({
  admit = () => Promise.resolve(),
  milliseconds = 2_000,
  key = KEY,
  ...given
}: Given = {}) {
  const admitted: string[] = [];
  const log = new FakeLog();
  const door = new Door({
    ...given,
    key,
    address: HOST,
    port: 0,
    milliseconds,
    log,
    admit: async (visitor) => {
      await admit();
      admitted.push(visitor);
    },
  });
  await door.open();
  open.push(door);
  return { port: door.port, admitted, lines: log.lines };
}

/** A connection by hand: what comes on it line by line, "" at its end. */
async function visit(port: number, address = VISITOR) {
  const socket = connect({ host: HOST, port, localAddress: address });
  socket.on("error", () => {});
  const lines: string[] = [];
  let rest = "";
  let wake = () => {};
  socket.on("data", (bytes: Buffer) => {
    const parts = (rest + bytes.toString()).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    wake();
  });
  socket.on("close", () => {
    lines.push("");
    wake();
  });
  const next = async (): Promise<string> => {
    while (lines.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return lines.shift() ?? "";
  };
  return { socket, next, say: (line: string) => void socket.write(`${line}\n`) };
}

describe("the door", () => {
  test("admits a node that has the key, by the address it comes from", async () => {
    const { port, admitted } = await openDoor();
    await knock({ key: KEY, visitor: VISITOR, host: HOST, port });
    expect(admitted).toEqual([VISITOR]);
  });

  test("has time to open its tunnel to a node that has proved the key", async () => {
    const { port, admitted } = await openDoor({ admit: () => Bun.sleep(400), milliseconds: 200 });
    await knock({ key: KEY, visitor: VISITOR, host: HOST, port, milliseconds: 200 });
    expect(admitted).toEqual([VISITOR]);
  });

  test("admits nobody with another key, and proves nothing to them", async () => {
    const { port, admitted, lines } = await openDoor();
    const words = `Cannot reach ${HOST}: the other end hung up`;
    await expect(knock({ key: keyOf("another"), visitor: VISITOR, host: HOST, port })).rejects.toThrow(words);
    expect(admitted).toEqual([]);
    expect(lines).toEqual([
      `warn: Cannot let ${VISITOR} into the tunnel: it does not prove the cluster key, hanging up`,
    ]);
  });

  test("takes visitors on a listening socket that it is given, and no visitor of another address", async () => {
    const port = freePort();
    const given = listenOnPort(port);
    const { admitted } = await openDoor({ descriptor: given });
    await knock({ key: KEY, visitor: VISITOR, host: HOST, port });
    await expect(knock({ key: KEY, visitor: VISITOR, host: "127.0.0.3", port })).rejects.toThrow(
      "Cannot reach 127.0.0.3: ",
    );
    expect(admitted).toEqual([VISITOR]);
  });

  test.each([
    ["garbage", "\x00\xff\xfe"],
    ["HTTP", "GET / HTTP/1.1\r"],
    ["no nonce", GREETING],
    ["half a nonce", `${GREETING}ab`],
    ["another version", `clump-door 2 ${"0".repeat(32)}`],
    ["an empty line", ""],
  ])("hangs up on %s", async (_, greeting) => {
    const { port, admitted } = await openDoor();
    const { say, next } = await visit(port);
    say(greeting);
    expect(await next()).toBe("");
    expect(admitted).toEqual([]);
  });

  test("hangs up on a line without end", async () => {
    const { port } = await openDoor();
    const { socket, next } = await visit(port);
    socket.write("x".repeat(100_000));
    expect(await next()).toBe("");
  });

  test("hangs up on silence, and bytes do not prolong the limit", async () => {
    const { port, lines } = await openDoor({ milliseconds: 300 });
    const silent = await visit(port);
    const slow = await visit(port);
    const timer = setInterval(() => slow.socket.write("c"), 50);
    expect([await silent.next(), await slow.next()]).toEqual(["", ""]);
    clearInterval(timer);
    const words = `warn: Cannot let ${VISITOR} into the tunnel: the other end was not done within 0.3 s, hanging up`;
    expect(lines).toEqual([words, words]);
  });

  test("a proof that was heard is worth nothing at the next visit", async () => {
    const { port, admitted } = await openDoor();
    const mine = createNonce();
    const first = await visit(port);
    first.say(GREETING + mine);
    const proof = doorProof(
      KEY,
      { visitor: VISITOR, host: HOST },
      { visitor: mine, host: await first.next() },
    );
    first.say(proof.of("client"));
    expect(await first.next()).toBe(proof.of("server"));
    const second = await visit(port);
    second.say(GREETING + mine);
    await second.next();
    second.say(proof.of("client"));
    expect(await second.next()).toBe("");
    expect(admitted).toEqual([VISITOR]);
  });

  test.each([
    ["its own role", (proof: MutualProof) => proof.of("server")],
    ["nothing", () => ""],
    ["another protocol's", () => new MutualProof(KEY, "clump control port", "").of("client")],
  ])("a proof for %s is refused", async (_, of) => {
    const { port, admitted } = await openDoor();
    const mine = createNonce();
    const { say, next } = await visit(port);
    say(GREETING + mine);
    const host = await next();
    say(of(doorProof(KEY, { visitor: VISITOR, host: HOST }, { visitor: mine, host })));
    expect(await next()).toBe("");
    expect(admitted).toEqual([]);
  });

  test("a proof passed on from another address is refused", async () => {
    const { port, admitted } = await openDoor();
    const mine = createNonce();
    const { say, next } = await visit(port, "127.0.0.3");
    say(GREETING + mine);
    const host = await next();
    say(doorProof(KEY, { visitor: VISITOR, host: HOST }, { visitor: mine, host }).of("client"));
    expect(await next()).toBe("");
    expect(admitted).toEqual([]);
  });

  test("says that this node cannot open its tunnel, and why in its log alone", async () => {
    const { port, lines } = await openDoor({ admit: () => Promise.reject(new Error("no module")) });
    const words = `Cannot reach ${HOST}: it cannot open its end of the tunnel; its log says why`;
    await expect(knock({ key: KEY, visitor: VISITOR, host: HOST, port })).rejects.toThrow(words);
    expect(lines).toEqual([`error: Cannot open the tunnel to ${VISITOR}: no module`]);
  });

  test("one address takes a quarter of the places, and they come back", async () => {
    const { port } = await openDoor({ milliseconds: 60_000 });
    // Addresses of the loopback share the places of this machine: all 64 of them.
    const held = await Promise.all(Array.from({ length: 64 }, () => visit(port)));
    for (const each of held) each.say("");
    for (const each of held) expect(await each.next()).toBe("");
    await knock({ key: KEY, visitor: VISITOR, host: HOST, port });
  });

  test("cannot be opened twice, in words", async () => {
    const { port } = await openDoor();
    const again = new Door({
      key: KEY,
      address: HOST,
      port,
      log: new FakeLog(),
      admit: () => Promise.resolve(),
    });
    await expect(again.open()).rejects.toThrow(`Cannot open the door of the tunnel on ${HOST}:${port}: `);
  });
});

describe("a visitor", () => {
  /** A host that says what it likes. */
  async function impostor(answer: (line: string, socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (bytes: Buffer) => answer(bytes.toString().trim(), socket));
    });
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    open.push(server);
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }
  const visitorOf = (port: number) =>
    knock({ key: KEY, visitor: VISITOR, host: HOST, port, milliseconds: 500 });

  test("does not believe a host that gives the visitor's own proof back, or none", async () => {
    const nonce = createNonce();
    for (const echo of [(line: string) => line, () => "0".repeat(64)]) {
      const port = await impostor((line, socket) => {
        socket.write(`${line.startsWith(GREETING) ? nonce : echo(line)}\n`);
      });
      await expect(visitorOf(port)).rejects.toThrow(
        `Cannot reach ${HOST}: it does not prove the cluster key`,
      );
    }
  });

  test("hangs up on a host that is no node, is silent, or is not there", async () => {
    const noNode = await impostor((_, socket) => void socket.write("220 ready\n"));
    await expect(visitorOf(noNode)).rejects.toThrow(`Cannot reach ${HOST}: it does not speak as a node does`);
    const silent = await impostor(() => {});
    await expect(visitorOf(silent)).rejects.toThrow("the other end was not done within 0.5 s");
    await expect(visitorOf(1)).rejects.toThrow(`Cannot reach ${HOST}: it takes no part in moves`);
  });
});
