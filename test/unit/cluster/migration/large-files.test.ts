/** Large files go by system calls beside the runtime's own reading and writing of the same connection. */

import { afterAll, afterEach, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Arrival } from "../../../../cluster/migration/arrival/arrival.ts";
import { takeGuest } from "../../../../cluster/migration/arrival/arrive.ts";
import { ByteReader } from "../../../../cluster/migration/byte-reader.ts";
import type { GuestOrder } from "../../../../cluster/migration/order.ts";
import { Passage } from "../../../../cluster/migration/passage.ts";

const ORDER = { job: "1.a", pid: 42, relays: [] } as unknown as GuestOrder;
const MEGABYTE = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), "large-"));
let server: Server | undefined;
afterEach(() => void server?.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** A connection, both ends. */
async function joinedEnds(): Promise<[near: Socket, far: Socket]> {
  const accepted = Promise.withResolvers<Socket>();
  const listening = createServer((socket) => accepted.resolve(socket));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", () => resolve()));
  const { port } = listening.address() as { readonly port: number };
  const near = connect(port, "127.0.0.1");
  return [near, await accepted.promise];
}

/** What comes until "end", by name; `pause` is called at each piece. */
async function takeAll(reader: ByteReader, pause: () => Promise<void>): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (;;) {
    const line = await reader.line();
    const [word, name = "", size] = line.split(" ");
    if (word === "end") return files;
    if (word !== "file") continue;
    const hash = new Bun.CryptoHasher("sha256");
    await reader.bytes(Number(size), (piece) => void hash.update(piece));
    files.set(name, hash.digest("hex"));
    await pause();
  }
}

test.each([
  ["at once", async () => {}],
  ["slowly", async () => await Bun.sleep(30)],
])("small and large files arrive whole where they are taken %s", async (_, pause) => {
  const sizes = [1, 3 * MEGABYTE, 17, MEGABYTE / 2, 0, 5 * MEGABYTE + 1, MEGABYTE / 2 - 1, 2];
  const wanted = new Map<string, string>();
  for (const [index, size] of sizes.entries()) {
    const bytes = randomBytes(size);
    writeFileSync(join(folder, `f-${index}.img`), bytes);
    wanted.set(`f-${index}.img`, new Bun.CryptoHasher("sha256").update(bytes).digest("hex"));
  }
  const [near, far] = await joinedEnds();
  let counted = 0;
  const sent = (bytes: number) => {
    counted += bytes;
  };
  const passage = new Passage(near, { sent });
  const [taken] = await Promise.all([
    takeAll(new ByteReader(far), pause),
    (async () => {
      await passage.sendAhead(folder, "f-1.img");
      await passage.send(ORDER, folder);
    })(),
  ]);
  expect([...taken].sort()).toEqual([...wanted].sort());
  expect(counted).toBeGreaterThan(sizes.reduce((sum, size) => sum + size, 0));
  near.destroy();
  far.destroy();
});

test("a node that refuses is heard, however much its home still sends", async () => {
  writeFileSync(join(folder, "pages-2.img"), randomBytes(32 * MEGABYTE));
  const [near, far] = await joinedEnds();
  const passage = new Passage(near, { patience: 2_000 });
  const taken = takeGuest(far, new ByteReader(far), "no order", { folder } as unknown as Arrival);
  await passage.send(ORDER, folder);
  await expect(passage.restored()).rejects.toThrow("Cannot take a guest");
  await taken;
  near.destroy();
});

test("a node that hangs up within a large file is noticed at either end", async () => {
  writeFileSync(join(folder, "pages-1.img"), randomBytes(64 * MEGABYTE));
  const [near, far] = await joinedEnds();
  far.once("data", () => far.destroy());
  await expect(new Passage(near).send(ORDER, folder)).rejects.toThrow(/hung up|EPIPE|ECONNRESET/);

  const [home, node] = await joinedEnds();
  const reader = new ByteReader(node);
  home.write(`file pages-1.img ${4 * MEGABYTE}\n`);
  await reader.line();
  const all = reader.bytes(4 * MEGABYTE, () => {});
  home.write(randomBytes(MEGABYTE), () => home.end());
  await expect(all).rejects.toThrow("the other node has hung up");
});
