import { afterEach, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { nodeMachine } from "../../../../assets/start/machine.ts";
import { readStartOptions } from "../../../../assets/start/options.ts";
import { bootAndReport } from "../../../../assets/start/report.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const { VM_QEMU, VM_ACCEL } = process.env;

afterEach(() => {
  restore("VM_QEMU", VM_QEMU);
  restore("VM_ACCEL", VM_ACCEL);
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** A QEMU that lets its machine run, as asked by QMP, and then writes the text to the console. */
const speaking = (text: string) => `#!${process.execPath}
const path = process.argv[process.argv.indexOf("-qmp") + 1].replace("unix:", "");
const data = (socket, bytes) => {
  const { id, execute } = JSON.parse(bytes);
  socket.write(JSON.stringify({ id, return: {} }) + "\\n");
  if (execute === "cont") process.stdout.write(${JSON.stringify(text)});
};
const socket = await Bun.connect({ unix: path, socket: { data } });
socket.write('{"QMP":{}}\\n');
`;

const CONFIGURED = `clump: configured: node 15, 10.0.2.15/24 on eth0, map 1 10.0.2.1 254
clump: entering Expert mode: configured
`;

/** A QEMU whose machine loses a press of its power button before the node says that it watches the button. */
const BUTTON_LATE = `#!${process.execPath}
const path = process.argv[process.argv.indexOf("-qmp") + 1].replace("unix:", "");
let watched = false;
const data = (socket, bytes) => {
  const { id, execute } = JSON.parse(bytes);
  socket.write(JSON.stringify({ id, return: {} }) + "\\n");
  if (execute === "cont") {
    process.stdout.write(${JSON.stringify(CONFIGURED)});
    setTimeout(() => { watched = true; console.log("clump: watching the power button event2"); }, 200);
  }
  if (execute !== "system_powerdown" || !watched) return;
  socket.write('{"event":"SHUTDOWN","data":{"reason":"guest-shutdown"}}\\n');
  socket.flush();
  setTimeout(() => process.exit(0), 50);
};
const socket = await Bun.connect({ unix: path, socket: { data } });
socket.write('{"QMP":{}}\\n');
`;

/** What bootAndReport() throws where QEMU is this script. */
async function failure(script: string, ...argv: readonly string[]): Promise<string> {
  using root = makeRoot({ "/qemu": script });
  chmodSync(`${root.path}/qemu`, 0o755);
  process.env["VM_QEMU"] = `${root.path}/qemu`;
  process.env["VM_ACCEL"] = "tcg";
  const machine = nodeMachine({ kernel: "k", initrd: "i", tools: "t" }, readStartOptions(argv));
  const report = bootAndReport(machine, { others: 0, print: () => {} });
  return await report.then(
    () => "",
    (error: Error) => error.message,
  );
}

test("bootAndReport() says what QEMU said where it does not start", async () => {
  expect(await failure("#!/bin/sh\necho 'qemu: no such device' >&2; exit 1")).toBe(
    "Cannot boot the node: QEMU ended with 1: qemu: no such device",
  );
});

test("bootAndReport() gives the reason below the last lines of the console", async () => {
  const message = await failure(speaking("Kernel panic - not syncing: no init\n"));
  expect(message).toStartWith("--- last lines of the console\nKernel panic");
  expect(message).toEndWith("\nCannot boot the node: Kernel panic - not syncing: no init");
});

test("bootAndReport() says in one line that a node without a NIC cannot be configured", async () => {
  const message = await failure(speaking("clump: entering ClumpOS mode\n"), "--nic", "none");
  expect(message).toBe(
    "Cannot configure the node: --nic none leaves it without a NIC, and only Safe mode wants none",
  );
});

test("bootAndReport() presses the power button only when the node watches it", async () => {
  expect(await failure(BUTTON_LATE, "expert")).toBe("");
});
