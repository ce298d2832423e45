/** In place of the daemon of moves: answers on the sockets that clump-wake hands over, and fails each look below /mfs. */

import { writeSync } from "node:fs";
import { createServer } from "node:net";
import { parseArgs } from "node:util";
import { Mfs } from "../../cluster/files/mfs.ts";
import { reportReady } from "../../system/readiness.ts";

const text = { type: "string" } as const;
const options = { mfs: { type: "boolean" }, door: text, commands: text, "ready-fd": text } as const;
const { door, commands, "ready-fd": ready } = parseArgs({ options }).values;

for (const [name, descriptor] of Object.entries({ door, commands }))
  if (descriptor !== undefined)
    createServer((socket) => {
      socket.on("data", (bytes) => {
        if (bytes.toString() === "end\n") process.exit(7);
        socket.end(`${process.pid} ${name} ${bytes}`);
      });
    }).listen({ fd: Number(descriptor) });
if (ready !== undefined) reportReady(Number(ready));
const mfs = new Mfs({
  questions: Bun.stdin.stream(),
  say: (line) => void writeSync(1, `${line}\n`),
  find: (name) => (name === "1" ? Promise.resolve("own") : Promise.reject(new Error("no node"))),
  log: { info: () => {} },
});
await mfs.serve();
