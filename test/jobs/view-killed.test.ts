import { expect, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { listProcesses } from "../../probes/processes/process.ts";
import { readOptional } from "../../system/files.ts";
import { freePort } from "../lib/port.ts";
import { Programs } from "./compile.ts";
import { SharedFiles } from "./shared-files.ts";

/** The server takes nobody from a port from 1024 on. */
const OWN_PORT = 700;

test("a view that is killed before it is finished leaves no process that waits for ever", async () => {
  const programs = new Programs();
  const program = programs.deputy("small");
  const files = new SharedFiles(programs, program, freePort());
  await files.server.start("127.0.0.1");
  const target = join(files.folder, "target");
  mkdirSync(target);
  // Of all that the server says, only its greeting and the kernel's agreement come through: then a question waits.
  const silent = createServer((socket) => {
    const server = connect({ port: files.port, host: "127.0.0.1", localPort: OWN_PORT });
    socket.pipe(server);
    let pieces = 0;
    server.on("data", (data) => {
      if (pieces++ < 2) socket.write(data);
    });
    for (const each of [socket, server]) each.on("error", () => {});
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", () => resolve()));
  const { port } = silent.address() as { readonly port: number };
  const view = Bun.spawn(
    [
      programs.named(program, "clump-view"),
      "connect=127.0.0.1",
      `port=${port}`,
      `target=${target}`,
      "kind=view",
    ],
    { stdio: ["ignore", "ignore", "ignore"] },
  );
  const ofView = () =>
    listProcesses("").filter((pid) => readOptional(`/proc/${pid}/cmdline`)?.includes(`target=${target}`));
  const waits = (pid: number) => readOptional(`/proc/${pid}/wchan`) === "request_wait_answer";
  while (!ofView().some(waits)) await Bun.sleep(10);
  view.kill("SIGKILL");
  while (ofView().length > 0) await Bun.sleep(10);
  Bun.spawnSync(["umount", "--lazy", target]);
  expect(readdirSync(target)).toEqual([]);
  silent.close();
  await files.close();
  programs.remove();
});
