import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { becomesReady } from "../../cluster/files/ready-child.ts";
import { freePort } from "../lib/port.ts";
import { Programs } from "./compile.ts";
import { fileMessage } from "./shared-files.ts";

const programs = new Programs();
const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
const port = freePort();
let server: Bun.Subprocess<"pipe", "pipe", "pipe">;
let complaints: Promise<string>;
/** LOOKUP, GETATTR, OPEN, OPENDIR and whatever numbers there are; those that make files fail for this user. */
const MOST_OPERATION = 50;
const USER = 54_321;

beforeAll(async () => {
  mkdirSync(join(folder, "home/inner"), { recursive: true });
  writeFileSync(join(folder, "home/file"), "content");
  Bun.spawnSync(["chmod", "755", folder]);
  const program = programs.named(programs.deputy("sanitized"), "clump-files");
  server = Bun.spawn([program, `port=${port}`, `root=${join(folder, "home")}`, "self=yes"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  await becomesReady(server);
  complaints = new Response(server.stderr).text();
});
afterAll(async () => {
  server.kill();
  await server.exited;
  programs.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function open(localPort: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, localPort });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  socket.on("error", () => {});
  socket.resume();
  socket.write("clump-files 1 view\n");
  return socket;
}

/** The same numbers in each run: xorshift of 32 bits. */
function* numbers(): Generator<number, never> {
  let state = 0x2545_f491;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

describe("the server of files", () => {
  test("survives any message of a node that speaks wrongly", async () => {
    const random = numbers();
    const next = (below: number) => random.next().value % below;
    for (let round = 0; round < 20; round++) {
      const socket = await open(700 + round);
      socket.write(
        fileMessage(USER, 26, 0n, Uint8Array.from([7, 0, 0, 0, 31, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])),
      );
      socket.write(fileMessage(USER, 1, 1n, Buffer.from("file\0")));
      socket.write(fileMessage(USER, 14, 2n, Buffer.alloc(8)));
      for (let count = 0; count < 200; count++) {
        const body = Buffer.alloc(next(120));
        for (let at = 0; at < body.length; at++) body[at] = next(3) === 0 ? next(256) : next(9);
        socket.write(fileMessage(USER, next(MOST_OPERATION), BigInt(next(6)), body));
      }
      socket.write(fileMessage(USER, 15, 1n, Buffer.alloc(8), round % 2 === 0 ? 3 : 0xffff_ffff));
      await new Promise((resolve) => socket.once("close", resolve));
    }
    void server.stdin.end();
    await server.exited;
    expect(await complaints).toBe("");
  });
});
