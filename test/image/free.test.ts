import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildImage } from "../../assets/image/build-image.ts";
import type { ImageReport } from "../../assets/image/options.ts";
import { silentProgress } from "../../assets/image/progress.ts";
import { type UnpackedImage, unpackImage } from "./unpack.ts";

setDefaultTimeout(600_000);

const out = mkdtempSync(join(tmpdir(), "clump-free-"));
let image: UnpackedImage;
let report: ImageReport;

beforeAll(async () => {
  report = await buildImage({ out, free: true, fast: true, progress: silentProgress });
  image = await unpackImage(out);
});

afterAll(() => {
  for (const folder of [out, dirname(image.usr)]) rmSync(folder, { recursive: true });
});

test("a free image takes no firmware but that of firmware-linux-free", () => {
  expect(image.sbom.filter((name) => name.startsWith("firmware-") && name !== "firmware-linux-free")).toEqual(
    [],
  );
  const folder = join(image.usr, "lib/firmware");
  const there = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  expect(there.filter((path) => /^(rtl_nic|bnx2|tigon|intel|cxgb4)/.test(path))).toEqual([]);
});

test("a free image says which drivers it leaves without firmware", () => {
  const lacking = report.tree.firmware.filter(({ served }) => !served).map(({ driver }) => driver);
  expect(lacking).toContain("r8169");
  expect(lacking).toContain("bnx2");
});
