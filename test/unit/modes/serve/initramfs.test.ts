import { afterAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeInitramfs } from "../../../../modes/serve/initramfs.ts";
import { SERVE_FILES } from "../../../../modes/serve/serve-files.ts";

const folder = mkdtempSync(join(tmpdir(), "clump-serve-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Longer than one piece, and in a device that is longer still. */
const SYSTEM = Buffer.alloc(3_000_000, "system");
const DRIVERS = Buffer.alloc(2_000_000, "drivers");
const WHOLE = Buffer.concat([
  Buffer.from("head"),
  SYSTEM,
  Buffer.from("middle"),
  DRIVERS,
  Buffer.from("tail"),
]);

function put(name: keyof typeof SERVE_FILES, bytes: string | Uint8Array): void {
  const path = join(folder, SERVE_FILES[name]);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

test("writeInitramfs() puts together what was taken apart, once, and refuses what is of another build", async () => {
  put("head", "head");
  put("middle", "middle");
  put("tail", "tail");
  put("size", `${SYSTEM.length}\n${DRIVERS.length}\n`);
  put("digest", createHash("sha256").update(WHOLE).digest("hex"));
  put("kernel", "");
  const system = join(folder, "device");
  writeFileSync(system, Buffer.concat([SYSTEM, Buffer.alloc(512)]));
  const rareDrivers = join(folder, "drivers");
  writeFileSync(rareDrivers, Buffer.concat([DRIVERS, Buffer.alloc(512)]));
  const inputs = { folder, system, rareDrivers };
  await writeInitramfs(inputs);
  const written = join(folder, SERVE_FILES.initramfs);
  expect(readFileSync(written).equals(WHOLE)).toBe(true);

  writeFileSync(system, Buffer.alloc(SYSTEM.length));
  await writeInitramfs(inputs);
  expect(readFileSync(written).equals(WHOLE)).toBe(true);

  rmSync(written);
  await expect(writeInitramfs(inputs)).rejects.toThrow("of another build");
  expect(readdirSync(dirname(written))).toEqual(["vmlinuz"]);
  await expect(writeInitramfs({ ...inputs, rareDrivers: undefined })).rejects.toThrow(
    "has given back its rare drivers",
  );
});
