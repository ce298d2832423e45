import { expect, test } from "bun:test";
import { fittingVersions, nameVersion } from "../../../../modes/slurm/versions.ts";

test.each([
  [9_728, "22.05"],
  [10_752, "24.11"],
  [9_216, "of protocol 9216"],
  [20_480, "of protocol 20480"],
])("protocol %d is that of version %s", (protocol, version) => {
  expect(nameVersion(protocol)).toBe(version);
});

test.each([
  ["22.05.8", "22.05, 23.02, 23.11"],
  ["25.11.1", "25.11"],
  ["27.05.1", "those of 27.05.1"],
])("slurmd %s is taken by controllers of %s", (slurmd, versions) => {
  expect(fittingVersions(slurmd)).toBe(versions);
});
