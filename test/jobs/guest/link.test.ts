/** A supervisor's link to the deputy is there before criu(8) has ended. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { until } from "../../lib/until.ts";
import { Bed } from "../bed.ts";
import { Programs } from "../compile.ts";

const programs = new Programs();
let supervisor = "";
let bed: Bed;
let server: Server | undefined;
let child: Bun.Subprocess | undefined;
beforeAll(() => {
  supervisor = programs.named(programs.deputy("small"), "clump-guest");
});
beforeEach(() => {
  bed = new Bed();
});
afterEach(async () => {
  child?.kill("SIGKILL");
  await child?.exited;
  server?.close();
  bed.remove();
});
afterAll(() => programs.remove());

/** Writes to the descriptor that the guest would get, as the guest does as soon as it runs; ends when it is let. */
const CRIU = `cat "\${15}"
for word; do case $word in "fd["*) number=\${word#fd[}; number=\${number%%]*};; esac; done
echo early >/proc/$$/fd/$number
until test -e "$3/let"; do sleep 0.02; done`;

/** A frame as link.h has it. */
const frame = (type: string, channel: number, payload: Uint8Array) =>
  Buffer.concat([Buffer.from([type.charCodeAt(0), channel, 0, payload.length]), payload]);
/** SIGUSR1, and 0. */
const SIGNAL = frame("s", 0, Buffer.from([0, 0, 0, 10, 0, 0, 0, 0]));
const OUTPUT = frame("o", 1, Buffer.from("early\n"));
const ONE_TAKEN = frame("A", 0, Buffer.from([0, 0, 0, 1]));

test("a guest's first words come at once, and what comes for it waits until there is a guest", async () => {
  const images = join(bed.folder, "images");
  mkdirSync(images);
  let heard = Buffer.alloc(0);
  let deputy: Socket | undefined;
  server = createServer((socket) => {
    deputy = socket;
    socket.on("error", () => {});
    socket.on("data", (piece: Buffer) => {
      heard = Buffer.concat([heard, piece]);
    });
    socket.write("clump-link 1 j 0\n");
    socket.write(SIGNAL);
  });
  const path = join(bed.folder, "socket");
  await new Promise<void>((resolve) => server!.listen(path, resolve));
  const words = {
    socket: path,
    job: "j",
    images,
    root: "/",
    criu: bed.script("criu", CRIU),
    gate: "/bin/true",
  };
  const numbers = { hostname: "home", pid: 4_242, parent: 4_241, group: 4_242, session: 4_240 };
  const named = Object.entries({ ...words, ...numbers }).map(([name, value]) => `${name}=${value}`);
  child = Bun.spawn([supervisor, ...named, "w1=out"], { stdio: ["pipe", "ignore", "ignore"] });
  await Bun.sleep(100);
  // Before the images are whole it has none.
  expect(deputy).toBeUndefined();
  (child.stdin as Bun.FileSink).write("30000\n");
  await (child.stdin as Bun.FileSink).end();
  await until(() => heard.includes(OUTPUT));
  expect(heard.toString("latin1")).toStartWith("clump-link 1 j 0\n");
  await Bun.sleep(100);
  expect(heard.includes(ONE_TAKEN)).toBe(false);
  writeFileSync(join(images, "let"), "");
  await until(() => heard.includes(ONE_TAKEN));
});
