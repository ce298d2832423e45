import { expect, test } from "bun:test";
import { nodeMachine } from "../../../../assets/start/machine.ts";
import {
  LEAST_MEGABYTES,
  MODE_PARAMETERS,
  readStartOptions,
  type StartOptions,
} from "../../../../assets/start/options.ts";
import { MODES } from "../../../../modes/index.ts";

test("MODE_PARAMETERS are the modes a node has", () => {
  expect<string[]>([...MODE_PARAMETERS].sort()).toEqual(Object.keys(MODES).sort());
});

test("readStartOptions() has defaults for everything", () => {
  const defaults: StartOptions = {
    mode: undefined,
    memoryMegabytes: 512,
    cpus: 2,
    nics: ["virtio-net-pci"],
    nodes: 1,
    demo: false,
    forwards: [],
    append: "",
    open: false,
  };
  expect(readStartOptions([])).toEqual(defaults);
});

test.each([
  ["a mode", ["--mode", "expert"], { mode: "expert" }],
  ["a bare mode", ["safe"], { mode: "safe" }],
  ["memory", ["--memory", "256"], { memoryMegabytes: 256 }],
  ["one card", ["--nic", "e1000"], { nics: ["e1000"] }],
  ["two cards", ["--nic", "e1000", "--nic", "tulip"], { nics: ["e1000", "tulip"] }],
  ["three nodes", ["--nodes", "3", "--nic", "e1000"], { nodes: 3, nics: ["e1000"] }],
  ["no card", ["--nic", "none"], { nics: [] }],
  ["a port", ["--forward", "8080"], { forwards: [{ from: 8080, to: 8080 }] }],
  [
    "two ports",
    ["--forward", "18080:80", "--forward", "5900"],
    {
      forwards: [
        { from: 18_080, to: 80 },
        { from: 5900, to: 5900 },
      ],
    },
  ],
  [
    "a port of the first of three nodes",
    ["--forward", "8080", "--nodes", "3"],
    { forwards: [{ from: 8080, to: 8080 }], nodes: 3 },
  ],
  ["the browser", ["--open", "--nodes", "3"], { open: true, nodes: 3 }],
  ["jobs that spread", ["--demo", "--nodes", "3"], { demo: true, nodes: 3 }],
  ["a mode after a card", ["--nic", "e1000", "novnc"], { nics: ["e1000"], mode: "novnc" }],
  ["the last of two modes", ["--mode", "safe", "--mode", "novnc"], { mode: "novnc" }],
  ["kernel words that look like options", ["--append", "debug --x"], { append: "debug --x" }],
] as const)("readStartOptions() takes %s", (_name, argv, wanted) => {
  expect(readStartOptions(argv)).toMatchObject(wanted);
});

test.each([
  ["an unknown mode", ["--mode", "server"], /clumpos.*novnc.*expert.*safe/],
  ["an unknown bare mode", ["server"], /clumpos, novnc, expert, safe/],
  ["two modes", ["safe", "expert"], /"expert": 1 word at most was wanted/],
  ["an unknown card", ["--nic", "e10000"], /"e10000": one of e1000, .*none was wanted/],
  ["memory in words", ["--memory", "abc"], /^Cannot use --memory abc: a whole number from 1 up was wanted$/],
  ["too little memory", ["--memory", "64"], /^Cannot use --memory 64: a node needs 256 MB, and at most the/],
  [
    "more memory than there is",
    ["--memory", "99999999"],
    /^Cannot use --memory 99999999: .*the \d+ MB of this machine were wanted$/,
  ],
  [
    "too many processors",
    ["--cpus", "9999"],
    /^Cannot use --cpus 9999: a whole number from 1 to 255 was wanted$/,
  ],
  ["jobs on one node", ["--demo"], /Cannot use --demo: .* several were wanted, as by --nodes 3/],
  ["jobs in Safe mode", ["safe", "--demo", "--nodes", "2"], /Cannot use --demo: Safe mode has no cluster/],
  [
    "jobs that may not move",
    ["--demo", "--nodes", "2", "--append", "clump.balance=off"],
    /it sets clump\.balance itself/,
  ],
  ["no node", ["--nodes", "0"], /--nodes 0: a whole number from 1 to 16/],
  ["too many nodes", ["--nodes", "17"], /--nodes 17: a whole number from 1 to 16/],
  ["nodes without a card", ["--nodes", "2", "--nic", "none"], /with --nic none: one NIC was wanted/],
  [
    "nodes with two cards",
    ["--nodes", "2", "--nic", "e1000", "--nic", "e1000"],
    /with --nic e1000 --nic e1000: one NIC/,
  ],
  ["a port in words", ["--forward", "http"], /--forward http: a port, or two as 15900:5900/],
  ["a port that is none", ["--forward", "0"], /--forward 0: a port/],
  ["a port above all", ["--forward", "80:65536"], /--forward 80:65536: a port/],
  ["a port without a card", ["--forward", "80", "--nic", "none"], /a node with a NIC was wanted/],
  [
    "the browser without a card",
    ["--open", "--nic", "none"],
    /^Cannot use --open: a node with a NIC was wanted/,
  ],
  [
    "the browser with a password of one's own",
    ["--open", "--append", "debug clump.vnc.password=x"],
    /^Cannot use --open: it sets clump.vnc.password itself, and an --append without it was wanted$/,
  ],
  [
    "the browser with a port of one's own",
    ["--open", "--append", "clump.web=90"],
    /it sets clump.web itself/,
  ],
  ["half a processor", ["--cpus", "0.5"], /whole number from 1 to 255/],
  ["an unknown option", ["--nics", "4"], /nics/],
  ["an option without its value", ["--append"], /append/],
])("readStartOptions() refuses %s and says what is wanted", (_name, argv, message) => {
  expect(() => readStartOptions(argv)).toThrow(message);
});

test("nodeMachine() puts the user's words last, where they win", () => {
  const options = readStartOptions(["--mode", "expert", "--append", "clump.mode=safe"]);
  const machine = nodeMachine({ kernel: "k", initrd: "i", tools: "t" }, options);
  expect(machine.append).toBe(
    "console=tty0 console=ttyS0 rootfstype=ramfs clump.mode=expert clump.mode=safe",
  );
});

test("nodeMachine() gives the ports to the first card", () => {
  const argv = ["--nic", "e1000", "--nic", "tulip", "--forward", "8080", "--forward", "15900:5900"];
  const forward = [
    { from: 8080, to: 8080 },
    { from: 15_900, to: 5900 },
  ];
  expect(nodeMachine({ kernel: "k", initrd: "i", tools: "t" }, readStartOptions(argv)).nics).toEqual([
    { model: "e1000", network: { kind: "user", forward } },
    { model: "tulip" },
  ]);
});

test("readStartOptions() understands a line where the -- was forgotten", () => {
  expect(readStartOptions(["3"], { npm_config_nodes: "true" }).nodes).toBe(3);
});

test("LEAST_MEGABYTES is what README.md promises", async () => {
  expect(await Bun.file("README.md").text()).toContain(` ${LEAST_MEGABYTES} MB of memory`);
});
