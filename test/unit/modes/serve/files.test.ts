import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

test("serveFiles() hangs up on a client that stops to read, and not on one that reads slowly", async () => {
  writeFileSync(join(folder, "larger"), Buffer.alloc(30_000_000));
  const options = { address: "127.0.0.1", port: 0, folder, requested: () => {}, stalledMilliseconds: 500 };
  const server = await serveFiles(options);
  const read = async (pauses: readonly number[]) => {
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write("GET /larger HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n"),
    );
    let [count, chunks] = [0, 0];
    for await (const bytes of socket) {
      count += bytes.length;
      await Bun.sleep(pauses[chunks++] ?? 0);
    }
    return count;
  };
  const [stopped, slow] = await Promise.all([read([1_500]), read(Array(100).fill(2))]);
  expect(stopped).toBeLessThan(20_000_000);
  expect(slow).toBeGreaterThan(30_000_000);
  await server.stop();
});

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
