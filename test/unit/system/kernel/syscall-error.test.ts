import { expect, test } from "bun:test";
import { errnoName, failedWith, SyscallError } from "../../../../system/kernel/syscall-error.ts";

test.each([
  [1, "EPERM"],
  [2, "ENOENT"],
  [3, "ESRCH"],
  [10, "ECHILD"],
  [16, "EBUSY"],
  [19, "ENODEV"],
  [99, "EADDRNOTAVAIL"],
  [105, "ENOBUFS"],
  [0, "errno 0"],
  [999, "errno 999"],
])("errnoName() calls %d %s", (errno, name) => {
  expect(errnoName(errno)).toBe(name);
});

test("SyscallError says what was to be done, and why it was not", () => {
  const error = new SyscallError("mount", 16, {
    doing: "mount proc on /proc",
    meaning: "Device or resource busy",
  });
  expect(error.message).toBe("Cannot mount proc on /proc: EBUSY (device or resource busy)");
  expect([error.call, error.errno, error.name]).toEqual(["mount", "EBUSY", "SyscallError"]);
});

test.each<[string, unknown, boolean]>([
  ["a call of ours", new SyscallError("bind", 19, { doing: "", meaning: "" }), true],
  ["one of the runtime's", Object.assign(new Error("recv"), { code: "ENODEV", errno: -19 }), true],
  ["another failure", new SyscallError("bind", 1, { doing: "", meaning: "" }), false],
  ["no error", "ENODEV", false],
])("failedWith() knows %s", (_, error, expected) => {
  expect(failedWith(error, "ENXIO", "ENODEV")).toBe(expected);
});
