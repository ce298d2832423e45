/** A home whose files are served, and a view of them, on one machine: for tests. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileServer } from "../../cluster/files/file-server.ts";
import { HomeViews } from "../../cluster/files/home-views.ts";
import { linuxMounts } from "../../system/kernel/linux-mounts.ts";
import type { Programs } from "./compile.ts";

const ADDRESS = "127.0.0.1";

export interface Outcome {
  readonly out: string;
  readonly code: number | null;
}

export class SharedFiles {
  readonly folder = mkdtempSync(join(tmpdir(), "files-"));
  readonly home = join(this.folder, "home");
  readonly port: number;
  readonly server: FileServer;
  readonly views: HomeViews;
  /** The root of the view; "" before `open()`. */
  view = "";

  /** Server and view are in that network namespace, where there is one; the server may serve some users alone. */
  constructor(
    programs: Programs,
    program: string,
    port: number,
    { network, isLimited = false }: { readonly network?: string; readonly isLimited?: boolean } = {},
  ) {
    this.port = port;
    mkdirSync(join(this.home, "hidden"), { recursive: true });
    const named = (name: string) => {
      const path = programs.named(program, name);
      return network === undefined ? path : programs.within(network, path);
    };
    this.server = new FileServer({
      ...{ root: this.home, hidden: [join(this.home, "hidden")], port, servesSelf: true },
      ...{ program: named("clump-files"), closed: join(this.folder, "closed") },
      ...(isLimited && { users: join(this.folder, "users") }),
    });
    this.views = new HomeViews({
      ...{ reach: { to: async (address) => address }, kernel: linuxMounts, image: "", port },
      ...{ folder: join(this.folder, "views"), program: named("clump-view") },
    });
  }

  async open(): Promise<void> {
    await this.server.start(ADDRESS);
    this.view = await this.views.rootFor({ address: ADDRESS, image: "" });
  }

  async close(): Promise<void> {
    this.views.forget(ADDRESS);
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs shell in the view, where HOME is the same folder at home. */
  async run(script: string, uid = 0): Promise<Outcome> {
    const child = this.start(script, uid);
    const out = await new Response(child.stdout).text();
    return { out, code: await child.exited };
  }

  start(script: string, uid = 0): Bun.Subprocess<"ignore", "pipe", "pipe"> {
    return Bun.spawn(["bash", "-c", `exec 2>&1; cd ${this.view}; ${script}`], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], LC_ALL: "C", HOME: this.home },
      ...(uid !== 0 && { uid, gid: uid }),
    });
  }
}

const HEADER_BYTES = 40;

/** A request of the user `uid` to a server of files, in the form of fuse_in_header of linux/fuse.h. */
export function fileMessage(
  uid: number,
  operation: number,
  node: bigint,
  body: Uint8Array,
  length = HEADER_BYTES + body.length,
): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32LE(length);
  head.writeUInt32LE(operation, 4);
  head.writeBigUInt64LE(7n, 8);
  head.writeBigUInt64LE(node, 16);
  head.writeUInt32LE(uid, 24);
  head.writeUInt32LE(uid, 28);
  return Buffer.concat([head, body]);
}
