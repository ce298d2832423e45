import { expect, test } from "bun:test";
import { describeNode } from "../../../../modes/figures/facts.ts";
import { COLOUR } from "../../../../modes/terminal/canvas.ts";
import type { NodeStatus } from "../../../../system/state/node-status.ts";

const BARE: NodeStatus = {
  version: "7.0.0",
  hostname: "node77",
  mode: "ClumpOS",
  nics: [],
  problems: [],
  warnings: [],
};

const NIC = { name: "eth0", mac: "52:54:00:12:34:56", device: "virtio_net", dhcp: "asking", sinceUptime: 10 };
const HELP = "photograph this screen, or type clump report usb";

test.each([
  ["no adapter", [], 20, true],
  ["no cable", [{ ...NIC, carrier: false }], 20, true],
  ["an adapter that asks", [{ ...NIC, carrier: true }], 69, false],
  ["one that nobody answers for a minute", [{ ...NIC, carrier: true }], 70, true],
  [
    "one cable of two",
    [
      { ...NIC, carrier: true },
      { ...NIC, carrier: false },
    ],
    20,
    false,
  ],
])("describeNode() of a machine with %s", (_, nics, uptime, isHelped) => {
  const facts = describeNode({ ...BARE, nics }, uptime).filter(({ label }) => label === "help");
  expect(facts.map(({ text }) => text)).toEqual(isHelped ? [`${HELP} in Expert mode`] : []);
});

test("describeNode() names no other mode where there is a shell", () => {
  const facts = describeNode({ ...BARE, mode: "Expert" }, 20);
  expect(facts.find(({ label }) => label === "help")?.text).toBe(HELP);
});

test.each([
  [{ port: 8080, isOpen: false }, "http://10.0.2.15:8080/"],
  [{ port: 80, isOpen: true }, "http://10.0.2.15:80/ open to everybody: there is no password"],
])("describeNode() says where the web view is: %j", (web, text) => {
  const facts = describeNode({ ...BARE, node: 15, address: "10.0.2.15", web }, 20);
  expect(facts.find(({ label }) => label === "web")?.text).toBe(text);
  expect(
    describeNode({ ...BARE, node: 15, address: "10.0.2.15" }, 20).map(({ label }) => label),
  ).not.toContain("web");
});

test.each([
  [{ state: "idle", jobs: 0 }, "idle"],
  [{ state: "allocated", jobs: 1 }, "allocated, 1 job"],
  [{ state: "draining", jobs: 2, why: "disk errors" }, "draining, 2 jobs: disk errors"],
])("describeNode() says what Slurm makes of the node: %j", (slurm, text) => {
  const facts = describeNode({ ...BARE, node: 15, address: "10.0.2.15", slurm }, 20);
  expect(facts.find(({ label }) => label === "slurm")?.text).toBe(text);
});

test("describeNode() says that the node boots others", () => {
  const serves = "the other PCs, beside the DHCP server";
  const facts = describeNode({ ...BARE, node: 15, address: "10.0.2.15", serves }, 20);
  expect(facts.find(({ label }) => label === "serves")?.text).toBe(serves);
});

test("describeNode() begins with what strangers may do, in red", () => {
  const [first] = describeNode({ ...BARE, danger: "strangers' programs run here" }, 0);
  expect(first).toMatchObject({ label: "danger", text: "strangers' programs run here", colour: COLOUR.rose });
});
