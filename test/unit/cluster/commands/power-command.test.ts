import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPower } from "../../../../cluster/commands/power-command.ts";
import type { PowerVerb } from "../../../../cluster/commands/power-help.ts";
import { startControlServer } from "../../../../cluster/daemon/control-server.ts";
import { writeView } from "../../../../cluster/view.ts";
import { createTerminalLog } from "../../../../system/log.ts";
import { NODES, VIEW } from "../nodes.ts";

let root: string;
let said: { out: string; errors: string };
/** What was asked of which node: "this" for the own one. */
let asked: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clump-power-"));
  said = { out: "", errors: "" };
  asked = [];
});

afterEach(() => rmSync(root, { recursive: true }));

const io = () => ({
  root,
  stdout: (text: string) => {
    said.out += text;
  },
  stderr: (text: string) => {
    said.errors += text;
  },
});

/** Runs a verb on node 77, whose daemon answers; node 101 does not. */
async function power(verb: PowerVerb, ...words: readonly string[]): Promise<number> {
  const orders = {
    follow: (order: string) => void asked.push(`this ${order}`),
    sleepers: (which: number | "all") => (which === 5 ? [{ id: 5, address: "192.168.1.5", mac: 55 }] : []),
    wake: (macs: readonly number[]) => void asked.push(`wake ${macs}`),
  };
  const state = { settings: new Set<never>(), speed: 10_000, isSpeedKnown: false };
  const server = await startControlServer({
    root,
    tcp: { address: "127.0.0.1", port: 0 },
    key: undefined,
    log: createTerminalLog("test"),
    context: {
      ...{ nodes: () => NODES, map: () => [], moves: () => undefined, view: () => VIEW },
      ...{ state: () => state, setState: () => {}, orders },
    },
  });
  writeView(root, JSON.stringify({ ...VIEW, nodes: NODES }));
  try {
    return await runPower([verb, ...words], io(), async (address, line) => {
      if (address.endsWith(".101")) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
      asked.push(`${address} ${line}`);
      return { text: "", code: 0 };
    });
  } finally {
    server.close();
  }
}

test("one node is asked over the network, this one by its socket", async () => {
  expect(await power("poweroff", "78")).toBe(0);
  expect(await power("reboot", "77")).toBe(0);
  expect(await power("blink")).toBe(0);
  expect(asked).toEqual(["192.168.1.78 poweroff", "this reboot", "this blink"]);
  expect(said).toEqual({ out: "", errors: "" });
});

test("all are all that are up, this node last, and one that does not follow is named", async () => {
  expect(await power("poweroff", "all")).toBe(1);
  expect(asked.at(-1)).toBe("this poweroff");
  expect(asked).toContain("192.168.1.78 poweroff");
  expect(asked.join()).not.toContain("192.168.1.130");
  expect(said.errors).toBe(
    "clump: Cannot poweroff node 101: its control port is closed, and clump.control=0.0.0.0 on its kernel command line was wanted\n",
  );
});

test("wake asks the daemon of this node", async () => {
  expect(await power("wake", "5")).toBe(0);
  expect([asked, said.out]).toEqual([["wake 55"], "called node 5 (192.168.1.5)\n"]);
  expect(await power("wake", "all")).toBe(1);
  expect(said.errors).toBe("clump: Cannot wake all: every node that was ever heard is up\n");
});

test.each<[PowerVerb, string[], string]>([
  ["poweroff", [], "Cannot poweroff a node: a node number or all was wanted"],
  ["poweroff", ["78", "79"], 'Cannot poweroff "78 79": a node number or all was wanted'],
  ["reboot", ["all"], 'Cannot reboot "all": a node number was wanted'],
  ["wake", ["0"], 'Cannot wake "0": a node number or all was wanted'],
  ["blink", ["99999"], 'Cannot blink "99999": a node number, all, or nothing for this node was wanted'],
])("%s %p is a wrong call", async (verb, words, line) => {
  expect(await power(verb, ...words)).toBe(2);
  expect(said.errors.split("\n")[0]).toBe(`clump: ${line}`);
  expect(asked).toEqual([]);
});

test.each([
  ["130", "Cannot reboot 130: it is dead, and a node that is up was wanted"],
  ["9", "Cannot reboot 9: clump nodes does not list it, and a node that is up was wanted"],
])("node %s cannot be asked", async (node, line) => {
  expect(await power("reboot", node)).toBe(1);
  expect(said.errors).toBe(`clump: ${line}\n`);
});

test("without a key no other node is asked", async () => {
  writeView(root, JSON.stringify({ ...VIEW, nodes: NODES }));
  expect(await runPower(["reboot", "78"], io())).toBe(1);
  expect(said.errors).toContain("Cannot reboot node 78: a node follows whoever has the cluster key");
});
