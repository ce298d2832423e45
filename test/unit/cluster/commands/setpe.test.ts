import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSetpe } from "../../../../cluster/commands/setpe.ts";
import { SETPE_HELP, SETPE_USAGE } from "../../../../cluster/commands/setpe-options.ts";
import { createAddressNamer, createHostResolver } from "../../../../cluster/map/hosts.ts";
import { formatHelp } from "../../../../system/command-help.ts";

const MAP = "# the lab\n1 10.0.2.1 254\n";

let root = "";
let output = "";
let errors = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "setpe-"));
  mkdirSync(`${root}/etc`);
  writeFileSync(
    `${root}/etc/hosts`,
    "127.0.0.1 localhost\n10.0.2.1 first first.lan # ours\n10.0.2.7\tseven\n",
  );
  output = "";
  errors = "";
});

afterEach(() => rmSync(root, { recursive: true }));

function setpe(command: string, stdin = "", { addresses = [0x0a00020f] } = {}): Promise<number> {
  output = "";
  errors = "";
  return runSetpe(command.split(" "), {
    stdin: async () => stdin,
    stdout: (text) => {
      output += text;
    },
    stderr: (text) => {
      errors += text;
    },
    root,
    programName: "setpe",
    addresses: () => addresses,
    resolve: createHostResolver(root),
    nameAddress: async (address) => (address === 0x0a000201 ? createAddressNamer(root)(address) : undefined),
  });
}

const read = (path: string) => (existsSync(root + path) ? readFileSync(root + path, "utf8") : undefined);

describe("setpe -r", () => {
  test("says that an unconfigured node is disabled", async () => {
    expect(await setpe("-r")).toBe(3);
    expect(output).toBe("OpenMosix is currently disabled\n");
  });

  test("reports the map in force, as openMosix does", async () => {
    await setpe("-w -f -", "1 10.0.2.1 254\n500 10.0.2.255 2\n15 10.1.1.1 ALIAS\n7 10.1.1.2 alias\n");
    expect(await setpe("-r")).toBe(0);
    expect(output).toBe(`This is OpenMosix node #15
Network protocol: 2 (AF_INET)
OpenMosix range     1-254   begins at first
OpenMosix range   500-501   begins at 10.0.2.255
Node 15 has an alias: 10.1.1.1
Node 7 has an alias: 10.1.1.2
Total configured: 256; 2 aliases
`);
  });

  test("counts one alias", async () => {
    await setpe("-w", "15 10.0.2.15 1\n15 10.1.1.1 ALIAS\n");
    await setpe("-r");
    expect(output).toEndWith("Total configured: 1; 1 alias\n");
  });

  test("writes its report to a file", async () => {
    await setpe("-w", MAP);
    expect(await setpe(`-r -f ${root}/report`)).toBe(0);
    expect(output).toBe("");
    expect(read("/report")).toStartWith("This is OpenMosix node #15\n");
  });
});

describe("setpe -w", () => {
  test("configures this node by its address, and keeps the map as it was written", async () => {
    expect(await setpe("-w", MAP)).toBe(0);
    expect([read("/etc/mosix.map"), read("/run/clump/node"), errors]).toEqual([MAP, "15\n", ""]);
    expect(readdirSync(`${root}/etc`).sort()).toEqual(["hosts", "mosix.map"]);
  });

  test.each(["-w -p 20 -f FILE", "-wp20 -fFILE", "-w -n inet -g 1 -p 20 -f FILE", "-W -p 20 -f FILE"])(
    "takes %s",
    async (command) => {
      writeFileSync(`${root}/map`, "1 first 254");
      expect(await setpe(command.replace("FILE", `${root}/map`))).toBe(0);
      expect([read("/etc/mosix.map"), read("/run/clump/node")]).toEqual(["1 first 254\n", "20\n"]);
    },
  );

  test.each([
    ["a number", "-w -p 16", MAP],
    ["an address", "-w -p 15", "15 10.0.2.99 1\n"],
  ])("refuses to change this node's own mapping by %s; -W does it", async (_, command, map) => {
    await setpe("-w", MAP);
    expect(await setpe(command, map)).toBe(102);
    expect(errors).toContain("If you are sure about the change, use 'setpe -W'");
    expect([read("/etc/mosix.map"), read("/run/clump/node")]).toEqual([MAP, "15\n"]);
    expect(await setpe(command.replace("w", "W"), map)).toBe(0);
    expect(read("/etc/mosix.map")).toBe(map);
  });

  test("takes a map that leaves this node where it is", async () => {
    await setpe("-w", MAP);
    expect(await setpe("-w", "10 10.0.2.10 20\n")).toBe(0);
  });

  test.each([
    ["a broken line", "1 10.0.2.1\n", "Bad Table Input: <1 10.0.2.1>\n"],
    ["a broken rule", "0 10.0.2.1 4\n", "setpe: Table contains OpenMosix 'node-#0'!\n"],
    ["a map without us", "1 10.9.9.1 4\n", /but my IP address \(10\.0\.2\.15\) is not there!\n$/],
    ["nothing", "", "setpe: the table is empty.\n"],
  ])("keeps the old map when the new one is %s", async (_, map, message) => {
    await setpe("-w", MAP);
    expect(await setpe("-W", map)).toBe(102);
    expect(errors).toMatch(message);
    expect([read("/etc/mosix.map"), read("/run/clump/node")]).toEqual([MAP, "15\n"]);
  });

  test("puts the old map back when the number is refused", async () => {
    writeFileSync(`${root}/etc/mosix.map`, "9 10.0.2.9 1\n");
    writeFileSync(`${root}/run`, "not a folder");
    expect(await setpe("-w", MAP)).toBe(1);
    expect(errors).toMatch(/^setpe: Cannot configure node 15: .*\nsetpe: configuration restored!\n$/);
    expect(read("/etc/mosix.map")).toBe("9 10.0.2.9 1\n");
  });

  test("says which file it cannot read", async () => {
    expect(await setpe(`-w -f ${root}/absent`)).toBe(102);
    expect(errors).toBe(`${root}/absent: No such file or directory\n`);
    expect(await setpe(`-w -f ${root}/etc`)).toBe(102);
    expect(errors).toBe(`${root}/etc: Is a directory\n`);
  });
});

test("setpe -c checks and writes nothing, not even with -w", async () => {
  expect(await setpe("-c -w", MAP)).toBe(0);
  expect(await setpe("-c -p 255", MAP)).toBe(102);
  expect(errors).toBe("setpe: the table is ok, but I'm not there!\n");
  expect(existsSync(`${root}/etc/mosix.map`)).toBe(false);
});

test("setpe -off unconfigures this node and keeps its map", async () => {
  await setpe("-w", MAP);
  expect(await setpe("-off")).toBe(0);
  expect(await setpe("-r")).toBe(3);
  expect(read("/etc/mosix.map")).toBe(MAP);
  expect(await setpe("-off")).toBe(0);
});

test("setpe -p without a number says so, and goes by the addresses of this machine", async () => {
  expect(await setpe("-w -p two", MAP)).toBe(0);
  expect([errors, read("/run/clump/node")]).toEqual(["setpe: Invalid node number\n", "15\n"]);
});

test.each([
  ["-V", "setpe: invalid option -- V\n"],
  ["-w -f", "setpe: option requires an argument -- f\n"],
  ["-w map", "setpe: unexpected argument -- map\n"],
  ["-w -n ipx", ""],
  ["-w -g 3", ""],
  ["-on", ""],
  ["-p 3", ""],
  ["-r -w", ""],
])("setpe %s prints the usage, and names what it does not know", async (command, message) => {
  expect(await setpe(command, MAP)).toBe(0);
  expect([errors, output]).toEqual([message + SETPE_USAGE, ""]);
  expect(existsSync(`${root}/etc/mosix.map`)).toBe(false);
});

test("setpe --help tells of every option on standard output", async () => {
  expect(await setpe("--help")).toBe(0);
  expect([errors, output]).toEqual(["", formatHelp(SETPE_HELP)]);
  for (const option of ["-r", "-w", "-W", "-c", "-off", "-f", "-p", "-n", "-g"])
    expect(output).toMatch(new RegExp(`^  (.*, )?${option}\\b`, "m"));
});
