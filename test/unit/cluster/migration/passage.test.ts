import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuestOrder } from "../../../../cluster/migration/order.ts";
import { Passage } from "../../../../cluster/migration/passage.ts";
import { STILL } from "../../../../cluster/migration/patience.ts";

const PATIENCE = 200;
const ORDER = { job: "1.a", pid: 42, relays: [] } as unknown as GuestOrder;

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

/** A passage to a node that does that with its connection. */
async function passageTo(node: (socket: Socket) => void): Promise<Passage> {
  const listening = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    node(socket);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", () => resolve()));
  const { port } = listening.address() as { readonly port: number };
  return new Passage(connect(port, "127.0.0.1"), { patience: PATIENCE });
}

describe("a daemon that hangs, with its connections,", () => {
  test("has not restored the process", async () => {
    const passage = await passageTo((socket) => socket.resume());
    await passage.announce(ORDER);
    await expect(passage.restored()).rejects.toThrow("the other node has said nothing for 0.2 s");
  });

  test("does not say that the process runs", async () => {
    const passage = await passageTo((socket) => {
      socket.resume();
      socket.write("ready\n");
    });
    await passage.restored();
    await expect(passage.go()).rejects.toThrow("the other node has said nothing for 0.2 s");
  });

  test("takes no images", async () => {
    const passage = await passageTo((socket) => socket.pause());
    const folder = mkdtempSync(join(tmpdir(), "passage-"));
    writeFileSync(join(folder, "pages-1.img"), "");
    // More than the kernel keeps for both ends.
    truncateSync(join(folder, "pages-1.img"), 2 ** 27);
    await expect(passage.send(ORDER, folder)).rejects.toThrow("the other node has taken nothing for 0.2 s");
    rmSync(folder, { recursive: true });
  });

  test("hears that its home has hung up", async () => {
    const closed = Promise.withResolvers<void>();
    const passage = await passageTo((socket) => {
      socket.resume();
      socket.on("close", () => closed.resolve());
    });
    await passage.announce(ORDER);
    await passage.restored().catch(() => {});
    await closed.promise;
  });
});

test("a node that takes long to restore a process says so", async () => {
  const passage = await passageTo((socket) => {
    let said = 0;
    const still = setInterval(() => {
      said += 1;
      socket.write(said === 8 ? "ready\n" : `${STILL}\n`);
      if (said === 8) clearInterval(still);
    }, PATIENCE / 4);
  });
  await passage.announce(ORDER);
  await passage.restored();
});
