/** Scripts of the image, run with the paths of a machine that is not there. */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scripts-"));
  mkdirSync(join(root, "bin"));
});

afterEach(() => rmSync(root, { recursive: true }));

function addProgram(path: string, body: string): void {
  const file = join(root, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** Runs a script, each of whose absolute paths lies below `root`; gives what it says. */
async function runScript(name: string): Promise<string> {
  const script = readFileSync(`assets/rootfs/${name}`, "utf8");
  const below = script.replaceAll(/(?<=[\s"])\/(?=(dev|sys|usr)\/)/g, `${root}/`);
  const child = Bun.spawn(["sh", "-c", below], {
    env: { PATH: `${root}/bin:${process.env["PATH"]}` },
    stdout: "pipe",
  });
  const said = await child.stdout.text();
  expect(await child.exited).toBe(0);
  return said;
}

test("lsusb says that a machine has no USB, and is no error", async () => {
  expect(await runScript("lsusb.sh")).toBe("this machine has no USB\n");
});

test("lsusb is that of usbutils where there is USB", async () => {
  mkdirSync(join(root, "dev/bus/usb"), { recursive: true });
  addProgram("usr/lib/clump/lsusb", "echo Bus 001");
  expect(await runScript("lsusb.sh")).toBe("Bus 001\n");
});

test("blink has ethtool blink every real NIC, and turns the LEDs of the keyboard on and off for 20 s", async () => {
  for (const nic of ["eth0", "eth1", "lo"]) mkdirSync(join(root, "sys/class/net", nic), { recursive: true });
  for (const nic of ["eth0", "eth1"]) symlinkSync(root, join(root, "sys/class/net", nic, "device"));
  const led = join(root, "sys/class/leds/input1::capslock");
  mkdirSync(led, { recursive: true });
  addProgram("usr/sbin/ethtool", `echo "$@" >>${root}/blinked`);
  addProgram("bin/usleep", `echo "$1" $(cat ${led}/brightness) >>${root}/waited`);
  await runScript("blink.sh");
  const blinked = readFileSync(join(root, "blinked"), "utf8").trim().split("\n");
  expect(blinked.toSorted()).toEqual(["-p eth0 20", "-p eth1 20"]);
  expect(readFileSync(join(root, "waited"), "utf8")).toBe("500000 1\n500000 0\n".repeat(20));
});
