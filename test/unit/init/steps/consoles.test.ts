import { expect, test } from "bun:test";
import { hushConsoles, limitSerialDrain, listConsoles } from "../../../../init/steps/consoles.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { FakeKernel } from "../../../lib/fake-kernel.ts";

test.each([
  ["tty0\n", ["/dev/tty1"]],
  ["tty0 ttyS0\n", ["/dev/tty1", "/dev/ttyS0"]],
  ["ttyS0 tty0\n", ["/dev/ttyS0", "/dev/tty1"]],
  ["tty1 tty0\n", ["/dev/tty1"]],
  ["tty2 ttyS1 hvc0", ["/dev/tty2", "/dev/ttyS1", "/dev/hvc0"]],
  ["\n", ["/dev/tty1"]],
  ["", ["/dev/tty1"]],
])("listConsoles() reads %j", (active, consoles) => {
  using root = makeRoot({ "/sys/class/tty/console/active": active });
  expect(listConsoles(root.path)).toEqual(consoles);
});

test("listConsoles() throws where the kernel names none", () => {
  using root = makeRoot();
  expect(() => listConsoles(root.path)).toThrow("ENOENT");
});

test("hushConsoles() leaves only what a dying kernel says", () => {
  using root = makeRoot({ "/proc/sys/kernel/printk": "7 4 1 7\n" });
  hushConsoles(root.path);
  expect(root.read("/proc/sys/kernel/printk")).toBe("1\n");
});

test("limitSerialDrain() is for serial lines alone", () => {
  const kernel = new FakeKernel();
  limitSerialDrain({ kernel, root: "" }, ["/dev/tty1", "/dev/ttyS0", "/dev/hvc0"]);
  expect(kernel.calls).toEqual(["let /dev/ttyS0 drain for 1 s"]);
});
