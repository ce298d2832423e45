import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { openView } from "../../cluster/files/view.ts";
import { freePort } from "../lib/port.ts";
import { Programs } from "./compile.ts";
import { fileMessage, SharedFiles } from "./shared-files.ts";

const programs = new Programs();
let program = "";
let files: SharedFiles;
let port = 0;
/** Users that the password file need not have. */
const [USER, OTHER] = [54_321, 54_322];
const SHADOW_GROUP = 42;

beforeAll(() => {
  program = programs.deputy("sanitized");
});
afterAll(() => programs.remove());
beforeEach(() => {
  port = freePort();
});
afterEach(async () => await files.close());

/** A home with files of several users; `isLimited` as on a workstation. */
async function open(isLimited: boolean): Promise<void> {
  files = new SharedFiles(programs, program, port, { isLimited });
  files.server.allowUsers([USER]);
  for (const [name, uid, gid, mode] of [
    ["shadow", 0, SHADOW_GROUP, 0o640],
    ["root", 0, 0, 0o600],
    ["own", USER, USER, 0o600],
    ["others", OTHER, OTHER, 0o600],
    ["public", 0, 0, 0o644],
  ] as const) {
    writeFileSync(join(files.home, name), `of ${name}`, { mode });
    chownSync(join(files.home, name), uid, gid);
  }
  mkdirSync(join(files.home, "everybody"));
  chmodSync(join(files.home, "everybody"), 0o1777);
  await files.open();
  for (const path of [files.folder, files.home, join(files.folder, "views")]) chmodSync(path, 0o755);
}

const NAMES = ["shadow", "root", "own", "others", "public"] as const;

/** The files that this user of the other node can read, with that group. */
async function readable(uid: number, gid = uid, at = files.view): Promise<string[]> {
  const as = uid === 0 ? "" : `setpriv --reuid=${uid} --regid=${gid} --clear-groups `;
  const { out } = await files.run(`cd ${at}; for name in ${NAMES.join(" ")}; do ${as}cat $name; echo; done`);
  return NAMES.filter((name) => out.includes(`of ${name}\n`));
}

test("a node with the key sees all files of a home that serves root", async () => {
  await open(false);
  expect(await readable(0)).toEqual([...NAMES]);
  expect(await readable(USER, SHADOW_GROUP)).toEqual(["shadow", "own", "public"]);
  expect(await readable(OTHER)).toEqual(["others", "public"]);
});

test("a home that does not serve root shows the files of users with processes away, whatever uid or group the node says", async () => {
  await open(true);
  // criu(8) of the other node opens a guest's files as root.
  expect(await readable(0)).toEqual(["own", "public"]);
  expect(await readable(USER)).toEqual(["own", "public"]);
  expect(await readable(USER, SHADOW_GROUP)).toEqual(["own", "public"]);
  expect(await readable(OTHER)).toEqual(["public"]);
  files.server.allowUsers([USER, OTHER]);
  expect(await readable(OTHER)).toEqual(["others", "public"]);
  expect(await readable(0)).toEqual(["own", "others", "public"]);
  files.server.allowUsers([]);
  expect(await readable(0)).toEqual(["public"]);
});

test("root of the other node makes no file of root there, and changes none", async () => {
  await open(true);
  const { out } = await files.run("echo x >public; chown 0 own; touch everybody/new; chmod 4755 public");
  expect(out.match(/Permission denied|not permitted/g)?.length).toBe(3);
  expect(readFileSync(join(files.home, "public"), "utf8")).toBe("of public");
  expect(statSync(join(files.home, "everybody/new")).uid).toBe(USER);
});

test("below /mfs each user sees what home lets the user see, and root what nobody may", async () => {
  await open(true);
  const target = join(files.folder, "mfs");
  mkdirSync(target);
  const view = await openView({
    ...{ address: "127.0.0.1", target, kind: "mfs", port, program: programs.named(program, "clump-view") },
  });
  expect(await readable(0, 0, target)).toEqual(["public"]);
  expect(await readable(OTHER, SHADOW_GROUP, target)).toEqual(["others", "public"]);
  view.kill();
  await view.exited;
});

const OPERATION = { lookup: 1, open: 14, write: 16, init: 26 } as const;
const REPLY_HEADER_BYTES = 16;
const O_WRONLY_APPEND = 0o2001;
const FUSE_WRITE_CACHE = 1;

/** Speaks the protocol of FUSE itself, as root of the other node could. */
class Attacker {
  readonly #socket = connect({ host: "127.0.0.1", port, localPort: 733 });
  #received = Buffer.alloc(0);

  constructor() {
    this.#socket.on("error", () => {});
    this.#socket.on("data", (bytes) => {
      this.#received = Buffer.concat([this.#received, Buffer.from(bytes)]);
    });
    this.#socket.write("clump-files 1 view\n");
  }

  async greeting(): Promise<void> {
    await this.#take(3);
  }

  /** The answer without its header. */
  async ask(operation: number, node: bigint, body: Uint8Array): Promise<Buffer> {
    this.#socket.write(fileMessage(USER, operation, node, body));
    const reply = await this.#take(REPLY_HEADER_BYTES);
    return await this.#take(reply.readUInt32LE() - REPLY_HEADER_BYTES);
  }

  end(): void {
    this.#socket.destroy();
  }

  async #take(count: number): Promise<Buffer> {
    while (this.#received.length < count) await Bun.sleep(5);
    const taken = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return taken;
  }
}

test("pages go to the file of the handle, and not to another that the message names", async () => {
  await open(true);
  const attacker = new Attacker();
  await attacker.greeting();
  await attacker.ask(OPERATION.init, 0n, Uint8Array.from([7, 0, 0, 0, 31, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]));
  const look = async (name: string) =>
    (await attacker.ask(OPERATION.lookup, 1n, Buffer.from(`${name}\0`))).readBigUInt64LE();
  const [root, own] = [await look("root"), await look("own")];
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(O_WRONLY_APPEND);
  const handle = (await attacker.ask(OPERATION.open, own, flags)).readBigUInt64LE();
  const write = Buffer.alloc(40);
  write.writeBigUInt64LE(handle);
  write.writeUInt32LE(1, 16);
  write.writeUInt32LE(FUSE_WRITE_CACHE, 20);
  await attacker.ask(OPERATION.write, root, Buffer.concat([write, Buffer.from("!")]));
  attacker.end();
  expect(readFileSync(join(files.home, "root"), "utf8")).toBe("of root");
  expect(readFileSync(join(files.home, "own"), "utf8")).toBe("!f own");
});
