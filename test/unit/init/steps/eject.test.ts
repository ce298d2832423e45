import { expect, test } from "bun:test";
import { ejectFrom } from "../../../../init/steps/eject.ts";
import { disc } from "../../../fixtures/disks.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine } from "../../../lib/fake-kernel.ts";

async function eject(files: Record<string, string>) {
  using root = makeRoot(files);
  const machine = fakeMachine(root.path);
  await ejectFrom(machine, "sr0");
  // A drive without a disc of ours is no fault of the node.
  expect(machine.log.lines.filter((line) => /^(warn|error)/.test(line))).toEqual([]);
  return machine.kernel.calls.map((call) => call.replace(root.path, ""));
}

test("ejectFrom() ejects our own medium", async () => {
  expect(await eject({ "/dev/sr0": disc("CLUMP") })).toEqual(["eject /dev/sr0"]);
});

test.each([
  ["another's disc", { "/dev/sr0": disc("Debian 12.7.0 amd64 1") }],
  ["one whose name only begins like ours", { "/dev/sr0": disc("CLUMPY") }],
  ["a disc that is no CD", { "/dev/sr0": disc("CLUMP", "NSR02") }],
  ["an empty disc", { "/dev/sr0": "" }],
  ["a drive that is gone", {}],
])("ejectFrom() leaves %s", async (_name, files) => {
  expect(await eject(files)).toEqual([]);
});

test("ejectFrom() survives a disc that somebody uses", async () => {
  using root = makeRoot({ "/dev/sr0": disc("CLUMP") });
  const machine = fakeMachine(root.path);
  machine.kernel.failures.push({ call: "eject", message: "Cannot eject the disc: EBUSY" });
  await ejectFrom(machine, "sr0");
  expect(machine.log.lines.join("\n")).toContain("Cannot eject the disc: EBUSY, ignoring");
});
