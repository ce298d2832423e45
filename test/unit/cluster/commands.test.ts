import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOSCTL_USAGE, runMosctl } from "../../../cluster/commands/mosctl.ts";
import { MOSCTL_HELP } from "../../../cluster/commands/mosctl-help.ts";
import { formatNodes, runNodes } from "../../../cluster/commands/nodes-command.ts";
import { runShowmap, SHOWMAP_HELP } from "../../../cluster/commands/showmap.ts";
import { readReply } from "../../../cluster/daemon/control-client.ts";
import { startControlServer } from "../../../cluster/daemon/control-server.ts";
import { configureNode } from "../../../cluster/map/node-map.ts";
import { type NodeView, readView, writeView } from "../../../cluster/view.ts";
import { formatHelp } from "../../../system/command-help.ts";
import { createTerminalLog } from "../../../system/log.ts";
import { RUN_FOLDER } from "../../../system/state/paths.ts";
import { freshView, NODE, NODES, VIEW } from "./nodes.ts";
import { NO_ORDERS } from "./orders.ts";

let root = "";
let output = "";
let errors = "";

const io = () => ({
  root,
  stdout: (text: string) => {
    output += text;
  },
  stderr: (text: string) => {
    errors += text;
  },
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "commands-"));
  [output, errors] = ["", ""];
});

afterEach(() => rmSync(root, { recursive: true }));

describe("showmap", () => {
  test("prints the table of omdiscd's node as openMosix does", async () => {
    configureNode(root, {
      node: 0x20f,
      text: "# made\n527 10.0.2.15 1\n530 10.0.2.18 3\n530 10.1.1.1 ALIAS\n",
    });
    expect(await runShowmap([], io())).toBe(0);
    expect(output).toBe(
      "My Node-Id: 0x020f\n\nBase Node-Id Address          Count\n------------ ---------------- -----\n" +
        "0x020f       10.0.2.15        1\n0x0212       10.0.2.18        3\n0x0212       10.1.1.1         alias\n",
    );
  });

  test("says that a node is not configured", async () => {
    expect(await runShowmap([], io())).toBe(6);
    expect(errors + output).toBe("Unable to read /proc/hpc/admin/config\nMy Node-Id: 0x0000\n\n");
  });

  test("prints its usage on standard output", async () => {
    expect(await runShowmap(["--help"], io())).toBe(0);
    expect([output, errors]).toEqual([formatHelp(SHOWMAP_HELP), ""]);
  });
});

describe("clump nodes", () => {
  test("lists the nodes, and what is wrong", () => {
    writeView(root, JSON.stringify(freshView(VIEW)));
    expect(runNodes([], io())).toBe(0);
    expect(output).toContain("problem: number 5 is claimed by 2 nodes\n");
    expect(output).toMatch(/^ +77\* +192\.168\.1\.77 +up +1\.50 /m);
    expect(formatNodes(NODES.slice(0, 3), 62.4)).toBe(
      [
        "node  address       state  load  cpus  speed  free MB  of MB  age",
        " 77*  192.168.1.77  up     1.50     2  10000      100    400    2",
        "   5  192.168.1.5   left      -     2  10000        -    400    2",
        "  78  192.168.1.78  up     0.40     2  23456      100    400    2",
        "",
      ].join("\n"),
    );
  });

  test("has guests and processes that are away where a node has any", () => {
    const nodes = [
      { ...NODE, guests: 3, away: 12 },
      NODE,
      { ...NODE, id: 78, state: "dead" as const, guests: 1 },
    ];
    expect(formatNodes(nodes, 62.4)).toBe(
      [
        "node  address       state  load  cpus  speed  free MB  of MB  guests  away  age",
        "  77  192.168.1.77  up     1.50     2  10000      100    400       3    12    2",
        "  77  192.168.1.77  up     1.50     2  10000      100    400       0     0    2",
        "  78  192.168.1.77  dead      -     2  10000        -    400       -     -    2",
        "",
      ].join("\n"),
    );
  });

  test("gives the whole view to programs", () => {
    const view = freshView(VIEW);
    writeView(root, JSON.stringify(view));
    expect(runNodes(["--json"], io())).toBe(0);
    expect(JSON.parse(output)).toEqual(JSON.parse(JSON.stringify(view)));
  });

  test("shows no node as up where clumpd no longer writes, and says why", () => {
    writeView(root, JSON.stringify(VIEW));
    expect(runNodes([], io())).toBe(0);
    expect(output).toMatch(/^ +77\* +192\.168\.1\.77 +silent +- /m);
    expect(output).not.toMatch(/ (up|suspect) /);
    expect(output).toMatch(/^ +130 +192\.168\.1\.130 +dead /m);
    expect(output).toMatch(/^problem: clumpd has been silent for .*: nothing newer is known of the nodes$/m);
  });

  test("has a dash for what is not known of a node that does not gossip", () => {
    const bare = {
      ...NODE,
      id: 220,
      state: "silent",
      load: 0,
      cpus: 0,
      speed: 0,
      memoryFree: 0,
      memoryTotal: 0,
    };
    expect(formatNodes([bare as NodeView], 62).split("\n")[1]).toBe(
      " 220  192.168.1.77  silent     -     -      -        -      -    2",
    );
  });

  test("says when there is no cluster, or one of another release", () => {
    expect(runNodes([], io())).toBe(1);
    mkdirSync(root + RUN_FOLDER, { recursive: true });
    for (const text of ["", "[]", '{"nodes":[{}],"problems":[]}', '{"nodes":1}']) {
      writeFileSync(`${root}${RUN_FOLDER}/cluster.json`, text);
      expect(readView(root)).toBeUndefined();
    }
    expect(errors).toContain("Cannot list the nodes");
  });

  test.each([
    [["--xml"], "--xml"],
    [["--json", "x"], "x"],
    [["--json", "--json"], "--json"],
  ])("refuses %j, and names what was wrong", (words, wrong) => {
    expect(runNodes(words, io())).toBe(2);
    expect(errors).toStartWith(
      `clump: Cannot use "${wrong}": --json or nothing was wanted\nUsage: clump nodes`,
    );
  });
});

describe("mosctl", () => {
  test("passes its words to the daemon, and what it says and its code on", async () => {
    const state = { settings: new Set<"stay">(), speed: 10_000, isSpeedKnown: false };
    const control = await startControlServer({
      root,
      tcp: { address: "127.0.0.1", port: 0 },
      key: undefined,
      log: createTerminalLog("test"),
      context: {
        nodes: () => NODES,
        map: () => [],
        view: () => VIEW,
        state: () => state,
        setState: () => {},
        orders: NO_ORDERS,
      },
    });
    expect(statSync(`${root}/run/clump/control`).mode & 0o777).toBe(0o600);
    expect(await runMosctl(["getload", "78"], io())).toBe(0);
    expect(await runMosctl(["setspeed", "5"], io())).toBe(0);
    expect([output, errors]).toEqual(["load=40\n", ""]);
    expect(await runMosctl(["getyard"], io())).toBe(1);
    expect(errors).toStartWith("Cannot show the yardstick: ");
    errors = "";
    expect(await runMosctl(["getload", "1\nexpel"], io())).toBe(1);
    expect(errors).toBe("mosctl: Cannot use these words: one line was wanted\n");
    mkdirSync(`${root}/etc`);
    writeFileSync(`${root}/etc/hosts`, "192.168.1.78 pc78\n10.9.9.9 stranger\n");
    expect(await runMosctl(["whois", "pc78"], io())).toBe(0);
    expect(output).toEndWith("\npc78 is openMosix #78\n");
    expect(await runMosctl(["whois", "stranger"], io())).toBe(0);
    expect(output).toEndWith("\nNode at stranger is not configured\n");
    control.close();
  });

  test.each([
    ["--help", 0, formatHelp(MOSCTL_HELP), ""],
    ["", 1, "", MOSCTL_USAGE],
    ["setspeed fast", 1, "", MOSCTL_USAGE],
    ["jökull", 1, "", "mosctl: No such option.\n"],
  ])("mosctl %s", async (command, code, stdout, stderr) => {
    expect(await runMosctl(command === "" ? [] : command.split(" "), io())).toBe(code);
    expect([output, errors]).toEqual([stdout, stderr]);
  });

  test.each([
    ["expel", "block", "All remote processes were expelled and no further remote processes accepted.\n"],
    ["bring", "lstay", "All local processes were brought back and will stay here.\n"],
  ])("%s sets %s, and has nothing to move where no daemon of jobs runs", async (verb, setting, said) => {
    let settings: ReadonlySet<string> = new Set();
    const control = await startControlServer({
      ...{ root, tcp: { address: "127.0.0.1", port: 0 }, key: undefined, log: createTerminalLog("test") },
      context: {
        ...{ nodes: () => NODES, map: () => [], view: () => VIEW, orders: NO_ORDERS },
        state: () => ({ settings: new Set<"stay">(), speed: 10_000, isSpeedKnown: false }),
        setState: (state) => {
          settings = state.settings;
        },
      },
    });
    expect(await runMosctl([verb], io())).toBe(0);
    expect([output, errors, [...settings]]).toEqual([said, "", [setting]]);
    control.close();
  });

  test("says that without a daemon this is no openMosix", async () => {
    expect(await runMosctl(["status"], io())).toBe(1);
    expect(errors).toBe("This is NOT a OpenMosix system!\n");
  });

  test("waits for the last line of an answer", () => {
    expect(readReply("up")).toBeUndefined();
    expect(readReply("up\r\nok")).toBeUndefined();
    expect(readReply("up\r\nok\r\n")).toEqual({ text: "up", code: 0 });
    expect(readReply("a\r\nb\r\nfailed\r\n")).toEqual({ text: "a\nb", code: 1 });
    expect(readReply("ok\r\n")).toEqual({ text: "", code: 0 });
  });
});
