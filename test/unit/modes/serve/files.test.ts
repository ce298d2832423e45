import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "bun:test";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFile, serveFiles } from "../../../../modes/serve/files.ts";
import { findServedNetwork } from "../../../../modes/serve/served-network.ts";

const base = mkdtempSync(join(tmpdir(), "clump-files-"));
const folder = join(base, "served");
mkdirSync(join(folder, "clump"), { recursive: true });
writeFileSync(join(folder, "clump/vmlinuz"), "kernel");
writeFileSync(join(base, "secret"), "not served");
symlinkSync(join(base, "secret"), join(folder, "link"));
afterAll(() => rmSync(base, { recursive: true }));

test("findFile() finds a file of the folder", () => {
  expect(findFile(folder, "/clump/vmlinuz")).toEndWith("/served/clump/vmlinuz");
});

test.each(["/", "/clump", "/absent", "/../secret", "/clump/..%2f..%2fsecret", "/link", "/%", "/%00"])(
  "findFile() finds nothing at %s",
  (pathname) => {
    expect(findFile(folder, pathname)).toBeUndefined();
  },
);

test.each(["[", "a b", "a:99999", "%"])(
  "serveFiles() says nothing of itself to a host of %j",
  async (host) => {
    const server = await serveFiles({ address: "127.0.0.1", port: 0, folder, requested: () => {} });
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(server.port, "127.0.0.1", () => {
      socket.write(`GET /clump/vmlinuz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    });
    socket.on("data", (bytes) => resolve(bytes.toString()));
    expect(await promise).toMatch(/^HTTP\/1.1 400 .*\r\n\r\nCannot read that: a host was wanted\n$/s);
    socket.destroy();
    await server.stop();
  },
);

async function ask(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  let said = "";
  for await (const bytes of socket) said += bytes;
  return said;
}

test("serveFiles() sends a file whole, and to HEAD its size alone", async () => {
  const large = Buffer.alloc(3_000_000, "clump");
  writeFileSync(join(folder, "large"), large);
  const requested: string[][] = [];
  const server = await serveFiles({
    ...{ address: "127.0.0.1", port: 0, folder },
    requested: (...words) => requested.push(words),
  });
  const url = `http://127.0.0.1:${server.port}/large`;
  expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(large)).toBe(true);
  const head = await fetch(url, { method: "HEAD" });
  expect([head.headers.get("Content-Length"), await head.text()]).toEqual(["3000000", ""]);
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
  expect(requested).toEqual([["127.0.0.1", "/large"]]);
  await server.stop();
});

test("serveFiles() sends the part of a file that is asked for, which is no request of a node that boots", async () => {
  writeFileSync(join(folder, "digits"), "0123456789");
  const requested: string[] = [];
  const server = await serveFiles({
    ...{ address: "127.0.0.1", port: 0, folder },
    requested: (_, path) => requested.push(path),
  });
  const part = await fetch(`http://127.0.0.1:${server.port}/digits`, { headers: { Range: "bytes=-4" } });
  expect([part.status, part.headers.get("Content-Range"), await part.text()]).toEqual([
    206,
    "bytes 6-9/10",
    "6789",
  ]);
  expect(requested).toEqual([]);
  await server.stop();
});

test("serveFiles() hangs up on connections beyond its places, and serves again once places are free", async () => {
  const server = await serveFiles({ address: "127.0.0.1", port: 0, folder, requested: () => {} });
  let closed = 0;
  const turnedAway = Promise.withResolvers<void>();
  const sockets = Array.from({ length: 276 }, () => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write("G"));
    socket.on("error", () => {});
    socket.on("close", () => ++closed === 20 && turnedAway.resolve());
    return socket;
  });
  await turnedAway.promise;
  for (const socket of sockets) socket.destroy();
  const request = "GET /clump/vmlinuz HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";
  // The server hears of the ends one after the other.
  let said = "";
  while (said === "") said = await ask(server.port, request).catch(() => "");
  expect(said).toEndWith("kernel");
  await server.stop();
});

describe("serveFiles(), for a client that takes a large file,", () => {
  const STALLED_MILLISECONDS = 60_000;
  /** More than the kernel keeps for both ends: where so much has been read, the server has sent some of it just now. */
  const STRETCH_BYTES = 12_000_000;
  const STRETCHES = 3;
  const QUESTION = "GET /larger HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";

  beforeAll(() => {
    writeFileSync(join(folder, "larger"), "");
    truncateSync(join(folder, "larger"), STRETCHES * STRETCH_BYTES);
  });
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const serve = async () =>
    await serveFiles({
      ...{ address: "127.0.0.1", port: 0, folder, requested: () => {} },
      stalledMilliseconds: STALLED_MILLISECONDS,
    });

  test("hangs up where the client stops to read", async () => {
    const server = await serve();
    const socket = connect(server.port, "127.0.0.1", () => socket.write(QUESTION));
    socket.on("error", () => {});
    await once(socket, "data");
    socket.pause();
    // What the kernel takes comes first.
    while (stateOf(server.port, socket.localPort!) === ESTABLISHED) {
      jest.advanceTimersByTime(STALLED_MILLISECONDS);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.destroy();
    await server.stop();
  });

  test("serves to the end where the client reads slowly", async () => {
    const server = await serve();
    const socket = connect(server.port, "127.0.0.1", () => socket.write(QUESTION));
    let [count, stretch] = [0, 1];
    for await (const bytes of socket) {
      count += bytes.length;
      if (count < stretch * STRETCH_BYTES) continue;
      stretch += 1;
      jest.advanceTimersByTime(STALLED_MILLISECONDS - 1);
    }
    expect(count).toBeGreaterThan(STRETCHES * STRETCH_BYTES);
    await server.stop();
  });
});

const ESTABLISHED = "01";

/** As /proc/net/tcp has it, of the connection from one port of this machine to another. */
function stateOf(from: number, to: number): string | undefined {
  const [own, other] = [from, to].map((port) => port.toString(16).toUpperCase().padStart(4, "0"));
  const line = new RegExp(`^ *\\d+: \\w+:${own} \\w+:${other} (\\w\\w) `, "m");
  return line.exec(readFileSync("/proc/net/tcp", "utf8"))?.[1];
}

test("serveFiles() refuses a port in use", async () => {
  const first = await serveFiles({ address: "127.0.0.1", port: 0, folder, requested: () => {} });
  const again = serveFiles({ address: "127.0.0.1", port: first.port, folder, requested: () => {} });
  expect(again).rejects.toThrow(/EADDRINUSE|in use/);
  await again.catch(() => {});
  await first.stop();
});

const INTERFACES = {
  lo: [{ address: "127.0.0.1", netmask: "255.0.0.0", family: "IPv4", mac: "", internal: true, cidr: null }],
  eth1: [
    { address: "fe80::1", netmask: "", family: "IPv6", mac: "", internal: false, cidr: null, scopeid: 2 },
    { address: "172.20.5.9", netmask: "255.255.252.0", family: "IPv4", mac: "", internal: false, cidr: null },
  ],
} as const;
const interfaces = INTERFACES as unknown as Parameters<typeof findServedNetwork>[1];

test("findServedNetwork() gives address, mask and network of an interface", () => {
  const place = { address: "172.20.5.9", mask: "255.255.252.0", network: "172.20.4.0" };
  expect(findServedNetwork("eth1", interfaces)).toEqual(place);
});

test.each(["eth0", "lo"])(
  "findServedNetwork() refuses %s, and names the interfaces that would do",
  (name) => {
    expect(() => findServedNetwork(name, interfaces)).toThrow(
      `Cannot serve on ${name}: an interface with a cable and an IPv4 address was wanted, and there is eth1`,
    );
  },
);
