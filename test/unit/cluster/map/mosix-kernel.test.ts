import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { configureCommand, findMosixKernel } from "../../../../cluster/map/mosix-kernel.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mosix-"));
  put("/sbin/init", "our program", 0o755);
  symlinkSync("init", `${root}/sbin/setpe`);
});

afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, text);
  chmodSync(root + path, mode);
}

const find = () => findMosixKernel(root, `${root}/sbin/init`);

test("findMosixKernel() finds none where no kernel answers, whatever the image holds", () => {
  put("/usr/bin/setpe", "theirs", 0o755);
  expect(find()).toBeUndefined();
  put("/proc/hpc/admin/mospe", "");
  expect(find()).toBeUndefined();
});

test.each(["/proc/hpc", "/proc/mosix"])("findMosixKernel() finds the kernel at %s", (tree) => {
  put(`${tree}/admin/mospe`, "0\n");
  expect(find()).toEqual({ tree });
  expect(configureCommand({ tree }, 7)).toBeUndefined();
});

test("findMosixKernel() takes for setpe only a program that is not ours, and can be run", () => {
  put("/proc/hpc/admin/mospe", "0(15)\n");
  put("/usr/sbin/setpe", "theirs");
  expect(find()).toEqual({ tree: "/proc/hpc" });
  put("/usr/bin/setpe", "theirs", 0o755);
  expect(find()).toEqual({ tree: "/proc/hpc", setpe: "/usr/bin/setpe" });
});

test("configureCommand() gives the real setpe our map and our number", () => {
  expect(configureCommand({ tree: "/proc/hpc", setpe: "/bin/setpe" }, 77)).toEqual([
    "/bin/setpe",
    "-w",
    "-p",
    "77",
    "-f",
    "/etc/mosix.map",
  ]);
});
