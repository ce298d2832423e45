import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runMosctl } from "../../../cluster/commands/mosctl.ts";
import { runSetpe } from "../../../cluster/commands/setpe.ts";
import { runShowmap } from "../../../cluster/commands/showmap.ts";
import { type ControlServer, startControlServer } from "../../../cluster/daemon/control-server.ts";
import { type OwnState, statusBits } from "../../../cluster/daemon/own-state.ts";
import { parseMap } from "../../../cluster/map/map.ts";
import { readMapText, readOwnNode } from "../../../cluster/map/node-map.ts";
import { createTerminalLog } from "../../../system/log.ts";
import { SELF, VIEW } from "./nodes.ts";
import { NO_ORDERS } from "./orders.ts";

const FIXTURES = join(import.meta.dir, "../../fixtures/openmosix");
const read = (name: string) => readFileSync(join(FIXTURES, name), "utf8");
const ADDRESS = 0x0a4d010f;
const NAMES = new Map([
  [ADDRESS, "chaos-a4d010f"],
  [0x7f000001, "localhost"],
]);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "openmosix-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let output = "";
const print = (text: string) => {
  output += text;
};

function setpe(words: readonly string[], root: string): Promise<number> {
  return runSetpe(words, {
    stdin: async () => "",
    stdout: print,
    stderr: print,
    root,
    programName: "setpe",
    addresses: () => [ADDRESS],
    resolve: async () => undefined,
    nameAddress: async (address) => NAMES.get(address),
  });
}

interface Recorded {
  readonly map: string;
  readonly p: string;
  readonly output: string;
  readonly rc: number;
  readonly report?: string;
}

const RECORDED = read("setpe-answers.jsonl")
  .trim()
  .split("\n")
  .map((line, index) => [index + 1, JSON.parse(line)] as [number, Recorded]);

test.each(RECORDED)(
  "setpe answers map %i of the real node as setpe of openMosix does",
  async (row, recorded) => {
    const root = join(folder, `map-${row}`);
    mkdirSync(root);
    const file = join(root, "map");
    writeFileSync(file, Buffer.from(recorded.map, "latin1"));
    output = "";
    const code = await setpe(["-c", "-p", recorded.p, "-f", file], root);
    expect([code, Buffer.from(output).toString("latin1")]).toEqual([recorded.rc, recorded.output]);
    if (recorded.report === undefined) return;
    await setpe(["-w", "-p", recorded.p, "-f", file], root);
    output = "";
    expect(await setpe(["-r"], root)).toBe(0);
    expect(output).toBe(recorded.report);
  },
);

/** The maps of the transcript. Of a, b and g the recording says only that they have node 15. */
const MAPS = {
  a: "1 10.77.1.1 254\n",
  b: "15 10.77.1.15 1\n",
  c: "1 10.77.1.1 254\n",
  d: "1 10.77.1.1 254\n15 1.2.3.4 ALIAS\n",
  e: "1 10.99.1.1 254\n",
  f: "2 10.77.1.1 253\n",
  g: "15 10.77.1.15 1\n16 10.77.1.16 1\n",
};

/** What needs the kernel of openMosix; docs/cluster.md says so. */
const OTHERWISE = ["getdecay", "getdecay", "gettune", "getyard", "setdecay 1 900 800"].map(
  (verb) => `mosctl ${verb}`,
);

class Node {
  state: OwnState = { settings: new Set(), speed: 38_782, isSpeedKnown: true };
  memoryFree = 0;
  readonly #root: string;
  #server: ControlServer | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  async start(): Promise<void> {
    this.#server = await startControlServer({
      root: this.#root,
      tcp: { address: "127.0.0.1", port: 0 },
      key: undefined,
      log: createTerminalLog("test"),
      context: {
        nodes: () => [this.#self()],
        map: () => this.map,
        view: () => VIEW,
        state: () => this.state,
        setState: (state) => {
          this.state = state;
        },
        orders: NO_ORDERS,
      },
    });
  }

  map: Awaited<ReturnType<typeof parseMap>> = [];

  stop = () => this.#server?.close();

  #self() {
    const id = readOwnNode(this.#root) ?? 0;
    const { speed } = this.state;
    const memory = { memoryFree: this.memoryFree, memoryTotal: 134_086_656 };
    const status = statusBits(this.state, id !== 0);
    return { ...SELF, id, address: "10.77.1.15", load: 0.05, busy: 0, speed, status, ...memory };
  }
}

test("setpe, mosctl and showmap answer the 88 commands of the transcript as openMosix does", async () => {
  const root = join(folder, "transcript");
  mkdirSync(root);
  for (const [name, map] of Object.entries(MAPS)) writeFileSync(join(root, name), map);
  const node = new Node(root);
  await node.start();
  const io = { root, stdout: print, stderr: print };
  const programs: Readonly<Record<string, (words: string[]) => Promise<number>>> = {
    setpe: (words) =>
      setpe(
        words.map((word, index) => (words[index - 1] === "-f" ? join(root, word) : word)),
        root,
      ),
    mosctl: (words) => runMosctl(words, io),
    showmap: (words) => runShowmap(words, io),
  };
  const other: string[] = [];
  const commands = [...read("transcript.txt").matchAll(/^\$ (.*)\n((?:.|\n)*?)rc=(\d+)\n/gm)];
  for (const [, command = "", wanted, code] of commands) {
    // The gossip has one figure for free memory, and the real node had two.
    node.memoryFree = command === "mosctl getfree" ? 106_786_816 : 121_303_040;
    node.map = await parseMap(readMapText(root) ?? "", { resolve: async () => undefined, program: "" }).catch(
      () => [],
    );
    output = "";
    const [program = "", ...words] = command.split(" ");
    const given = await programs[program]?.(words);
    if (OTHERWISE.includes(command)) other.push(command);
    else expect([command, output.replaceAll(`${root}/`, ""), given]).toEqual([command, wanted, Number(code)]);
  }
  node.stop();
  expect(commands).toHaveLength(88);
  expect(other.toSorted()).toEqual(OTHERWISE);
});
