import { describe, expect, test } from "bun:test";
import { answerControl } from "../../../../cluster/daemon/control.ts";
import type { OwnState } from "../../../../cluster/daemon/own-state.ts";
import type { ClusterView, NodeView } from "../../../../cluster/view.ts";
import { makeReport } from "../moves.ts";
import { NODE, NODES, SELF } from "../nodes.ts";

const VIEW: ClusterView = {
  isOpen: true,
  discovery: "map",
  nodes: NODES,
  problems: ["é"],
  drops: { oversized: 0, malformed: 0, forged: 0, replayed: 0, misaddressed: 0, foreign: 0, hasty: 0 },
};

const REPORT = makeReport();
const MOVES = { ...REPORT, jobs: REPORT.jobs.map((job) => ({ ...job, name: "wörk" })) };

const SLEEPERS = [
  { id: 5, address: "192.168.1.5", mac: 55 },
  { id: 130, address: "192.168.1.130", mac: 99 },
];

const MAP = [
  { base: 1, address: 0xc0a80101, count: 250 },
  { base: 78, address: 0x0a010101, count: 0 },
];

function ask(line: string, { nodes = NODES, asker }: { nodes?: readonly NodeView[]; asker?: string } = {}) {
  const moved: string[] = [];
  let state: OwnState = { settings: new Set(), speed: 10_000, isSpeedKnown: false };
  const context = {
    nodes: () => nodes,
    map: () => MAP,
    moves: () => MOVES,
    view: () => VIEW,
    state: () => state,
    setState: (next: OwnState) => {
      state = next;
    },
    orders: {
      follow: (order: string, from: string) => void moved.push(`${order} for ${from}`),
      sleepers: (which: number | "all") => SLEEPERS.filter(({ id }) => which === "all" || id === which),
      wake: (macs: readonly number[]) => void moved.push(`wake ${macs}`),
    },
  };
  const replies = line.split("; ").map((each) => answerControl(each, context, asker));
  return { ...replies.at(-1)!, state, moved };
}

describe("answerControl() speaks as mosctl of openMosix", () => {
  test.each([
    ["whois", "This is openMosix #77"],
    ["whois 192.168.1.78", "192.168.1.78 is openMosix #78"],
    ["whois 10.1.1.1", "10.1.1.1 is openMosix #78"],
    ["whois 78", "192.168.1.78"],
    ["status", "up."],
    ["status 78", "up,block,nomfs."],
    ["status 130", "down."],
    ["status 5", "down."],
    ["stat 220", "up."],
    ["getload", "load=150"],
    ["getload 78", "load=40"],
    ["getspeed 78", "speed=23456."],
    ["speedof 78", "speed=23456."],
    ["getmem", "free memory = 104857600 of 419430400"],
    ["memory", "free memory = 104857600 of 419430400"],
    ["getfree", "raw free memory = 104857600 of 419430400"],
    ["getutil", "Utilizability = 75%"],
    ["isup", "yes"],
    ["isup 78", "yes"],
    ["isup 130", "no"],
    ["isup 5", "no"],
    ["isup 101", "no (it seems)"],
    // Nodes of the map that were never seen.
    ["isup 200", "no"],
    ["status 200", "down."],
    ["whois 200", "192.168.1.200"],
    ["whois 192.168.1.200", "192.168.1.200 is openMosix #200"],
    ["getload 251", "Node #251 is not configured"],
    ["whois 10.9.9.9", "Node at 10.9.9.9 is not configured"],
    // As openMosix reads numbers: a word is 0, and 0 is this node.
    ["getload x", "load=150"],
    ["getload 0", "load=150"],
    ["setspeed 0", ""],
    ["nodes", /^77 192\.168\.1\.77 up 1\.5 2 10000 104857600 419430400\n5 192\.168\.1\.5 left /],
    ["help", /whois/],
    ["jobs", /^\{"jobs":\[\{[ -~]*"name":"w\\u00f6rk"[ -~]*\]/],
    ["view", /^\{"isOpen":true,[ -~]*"problems":\["\\u00e9"\][ -~]*$/],
  ])("%s", (line, wanted) => {
    const { text, code } = ask(line);
    expect(code).toBe(0);
    expect(text).toMatch(typeof wanted === "string" ? new RegExp(`^${RegExp.escape(wanted)}$`) : wanted);
  });

  test.each([
    ["getload 9", "Error: no response"],
    ["getload 130", "Error: no response"],
    ["getload 220", "Error: no response"],
    ["getload -1", "Error: Improper node number"],
    ["isup 70000000", "Error: Improper node number"],
    ["topology star", 'Cannot make this node "star": one of peers, controller, drone was wanted'],
    ["setspeed", "nothing was given"],
    ["setspeed 99999999", "1 to 10000000 was wanted"],
    ["expel", "Cannot send the guests away from here: "],
    ["bring", "mosctl on the node itself was wanted"],
    ["gettune", "Cannot show the tuning: only a kernel of openMosix"],
    ["getdecay", "Cannot show the decay: only a kernel of openMosix"],
    ["setdecay 1 900 800", "Cannot set the decay: only a kernel of openMosix"],
    ["getyard", "Cannot show the yardstick: the yardstick is a processor of speed 10000"],
    ["setyard 3", "Cannot set the yardstick: the yardstick is a processor of speed 10000"],
    ["constructor", "help was wanted; help tells of them"],
    ["", "help was wanted; help tells of them"],
  ])("%s fails, and says why", (line, wanted) => {
    const { text, code } = ask(line);
    expect(code).toBe(1);
    expect(text).toContain(wanted);
  });

  test.each([
    ["stay", ["stay"], "Automatic load-balancing disabled: no processes will leave"],
    ["stay; stay", ["stay"], "already disabled"],
    ["nostay", [], "already enabled"],
    ["stay; nostay", [], "automatic load-balancing re-enabled."],
    ["lstay", ["lstay"], "No local processes will leave the node automatically."],
    ["lstay; nolstay", [], "Local processes may now leave the node automatically."],
    ["block", ["block"], "Remote processes will not be allowed in here."],
    ["block; -block", [], "Remote processes now allowed in."],
    ["quiet", ["quiet"], "Load-balancing activity is now shut-down (for fine-timing measurements)"],
    ["quiet; noquiet", [], "Load balancing activity now resumed."],
    ["nomfs", ["nomfs"], "MFS access to this node now disallowed."],
    ["nomfs; mfs", [], "MFS access to this node now allowed."],
    ["stay; lstay; block", ["stay", "lstay", "block"], "Remote processes"],
    ["topology", [], "peers"],
    ["stay; topology controller", ["stay", "block"], "controller"],
    ["block; topology drone", ["lstay"], "drone"],
    ["lstay; topology", ["lstay"], "drone"],
    ["topology drone; topology peers", [], "peers"],
    ["block; lstay; topology", ["block", "lstay"], "none: block and lstay are set"],
  ])("%s sets what it says", (line, settings, said) => {
    const { text, code, state } = ask(line);
    expect([code, [...state.settings]]).toEqual([0, settings as never[]]);
    expect(text).toContain(said);
  });

  test("setspeed sets the speed", () => {
    expect(ask("setspeed 23456")).toMatchObject({
      text: "",
      code: 0,
      state: { speed: 23_456, isSpeedKnown: true },
    });
  });

  test("lets neither of two nodes with one number win", () => {
    const nodes = [SELF, { ...NODE, id: 5, address: "10.0.0.5" }, { ...NODE, id: 5, address: "10.0.1.5" }];
    expect(ask("getload 5", { nodes })).toMatchObject({
      code: 1,
      text: expect.stringContaining("10.0.0.5 and 10.0.1.5"),
    });
  });

  test.each([
    ["status", "Error: Success"],
    ["getload", "Error: Success"],
    ["isup 15", "Node #15 is not configured"],
    ["whois", "This is openMosix #0"],
    ["whois 192.168.1.200", "Node at 192.168.1.200 is not configured"],
  ])("of a node that is not configured: %s", (line, text) => {
    for (const nodes of [[], [{ ...SELF, id: 0 }]])
      expect(ask(line, { nodes })).toMatchObject({ code: 0, text });
  });
});

describe("answerControl() moves machines", () => {
  test.each(["poweroff", "reboot", "blink"])("%s is followed, with the name of the asker", (order) => {
    expect(ask(order)).toMatchObject({ text: "", code: 0, moved: [`${order} for this node`] });
    const asked = ask(order, { asker: "10.1.1.1" });
    expect(asked.moved).toEqual([`${order} for node 78 (10.1.1.1)`]);
    expect(ask(order, { asker: "10.2.2.2" }).moved).toEqual([`${order} for 10.2.2.2`]);
  });

  test("wake calls the nodes whose hardware addresses are known", () => {
    expect(ask("wake 5")).toMatchObject({ text: "called node 5 (192.168.1.5)", code: 0, moved: ["wake 55"] });
    expect(ask("wake all")).toMatchObject({
      text: "called node 5 (192.168.1.5)\ncalled node 130 (192.168.1.130)",
      moved: ["wake 55,99"],
    });
  });

  test.each([
    ["wake", "Cannot wake a node: a node number or all was wanted"],
    ["wake abc", 'Cannot wake "abc": a node number or all was wanted'],
    ["wake 65536", 'Cannot wake "65536": a node number or all was wanted'],
    ["wake 77", "Cannot wake node 77: it was never heard with its hardware address since this node is up"],
  ])("%s is refused", (line, text) => {
    expect(ask(line)).toMatchObject({ text, code: 1, moved: [] });
  });
});
