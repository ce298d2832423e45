import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMisfit, fittingCriu } from "../../../../cluster/migration/criu-version.ts";

describe("findMisfit()", () => {
  test.each([
    ["3.17.1", "6.1.0-57-amd64"],
    ["3.17", "6.12.118+deb13-amd64"],
    ["4.1.1", "6.12.118+deb13-amd64"],
    ["4.1", "6.13.0"],
    ["4.1.1", "6.18.44"],
    ["4.2", "7.0.0-rc1"],
  ])("finds none for criu %s on kernel %s", (criu, kernel) => {
    expect(findMisfit(criu, kernel)).toBeUndefined();
  });

  test.each([
    ["3.16.1", "6.1.0-57-amd64", "3.17"],
    ["3.17.1", "6.13.2", "4.1"],
    ["4.0", "6.18.44", "4.1"],
    ["4.0", "7.0.0", "4.1"],
  ])("of criu %s on kernel %s says that criu %s is wanted", (criu, kernel, wanted) => {
    const text = `criu ${criu} does not know kernel ${kernel}: criu ${wanted} or later was wanted`;
    expect(findMisfit(criu, kernel)).toBe(text);
  });
});

describe("fittingCriu()", () => {
  const folder = mkdtempSync(join(tmpdir(), "criu-version-"));
  const path = join(folder, "criu");
  const says = (script: string) => writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("gives the path of one that fits, and asks it once", async () => {
    says(`echo >>${folder}/asked; echo Version: 3.17.1`);
    const criu = fittingCriu(path, "6.1.0");
    expect([await criu(), await criu()]).toEqual([path, path]);
    expect(await Bun.file(join(folder, "asked")).text()).toBe("\n");
  });

  test("refuses one that does not fit, until another is installed", async () => {
    says("echo Version: 3.17.1");
    const criu = fittingCriu(path, "6.18.1");
    const text =
      "Cannot move processes: criu 3.17.1 does not know kernel 6.18.1: criu 4.1 or later was wanted";
    await expect(criu()).rejects.toThrow(text);
    says("echo Version: 4.2");
    expect(await criu()).toBe(path);
  });

  test("names one that is not there", async () => {
    await expect(fittingCriu(join(folder, "none"), "6.1.0")()).rejects.toThrow(
      `Cannot move processes: there is no ${folder}/none, and criu(8) was wanted`,
    );
  });

  test("takes a program that tells no version as it is", async () => {
    says("exit 0");
    expect(await fittingCriu(path, "6.18.1")()).toBe(path);
  });
});
