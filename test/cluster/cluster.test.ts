import { describe, expect, test } from "bun:test";
import { viewAsOf } from "../../cluster/view-age.ts";
import { uptime } from "../../system/uptime.ts";
import { Lan, type LanNode, until } from "./lan.ts";

const describeAll = (nodes: readonly LanNode[]) => () =>
  nodes
    .map((node) => `${node.id} sees ${nodes.map((other) => `${other.id} ${node.state(other)}`)}`)
    .join("; ");

function everybody(nodes: readonly LanNode[], wanted: string, of: readonly LanNode[] = nodes): () => boolean {
  return () => nodes.every((node) => of.every((other) => node === other || node.state(other) === wanted));
}

const wait = (nodes: readonly LanNode[], condition: () => boolean) => until(condition, describeAll(nodes));

async function startLan(...words: readonly string[]): Promise<Lan> {
  const lan = await Lan.create(...words.map((each, index) => ({ id: index + 1, words: each })));
  for (const node of lan.nodes) node.start();
  return lan;
}

/** Long enough for a node to be doubted. */
const CUT_MILLISECONDS = 6_000;

describe.concurrent("daemons on one network", () => {
  test("find each other, take leave, die, and come back in a new life", async () => {
    await using lan = await startLan("", "", "", "");
    const { nodes } = lan;
    const [first, second, third, fourth] = nodes as [LanNode, LanNode, LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    expect(first.view()?.isOpen).toBe(true);

    await second.ask("block");
    await second.ask("setspeed 23456");
    // What is told of a node is told at once: with the later of the two comes the earlier.
    await wait(nodes, () => first.view()?.nodes.find(({ id }) => id === 2)?.speed === 23_456);
    expect(await first.ask("status 2")).toBe("up,block.");

    // A screen must not show what it left behind as if it went on.
    const last = await fourth.end("SIGTERM");
    expect(viewAsOf(last!, uptime()).nodes.map(({ state }) => state)).toEqual(Array(4).fill("silent"));
    expect(viewAsOf(last!, uptime()).problems[0]).toMatch(/^clumpd was stopped \d+ s ago/);
    const rest = [first, second, third];
    await wait(nodes, everybody(rest, "left", [fourth]));

    const lives = () => first.view()?.nodes.find(({ id }) => id === 3)?.incarnation ?? 0;
    const life = lives();
    await third.end("SIGKILL");
    await wait(nodes, everybody([first, second], "dead", [third]));
    third.start();
    await wait(nodes, everybody(rest, "up"));
    expect(lives()).toBeGreaterThan(life);
    expect(first.state(fourth)).toBe("left");
    // What was set is not measured over.
    expect(await first.ask("getspeed 2")).toBe("speed=23456.");
  });

  test("with two keys are two clusters, and a third without one sees neither", async () => {
    await using lan = await startLan(
      "clump.key=red",
      "clump.key=red",
      "clump.key=blue",
      "clump.key=blue",
      "",
    );
    const { nodes } = lan;
    const [red, blue, open] = [nodes.slice(0, 2), nodes.slice(2, 4), nodes.slice(4)];
    await wait(nodes, () => everybody(red, "up")() && everybody(blue, "up")());
    // Each has heard of others than its own, and has turned them away.
    await wait(nodes, () => [...red, ...blue].every((node) => (node.view()?.drops.forged ?? 0) > 0));
    // Two that have found each other only announce themselves, which is longer with a seal than without.
    await wait(nodes, () => {
      const { malformed = 0, oversized = 0 } = open[0]!.view()?.drops ?? {};
      return malformed + oversized > 0;
    });
    expect(everybody(red, "unknown", [...blue, ...open])()).toBe(true);
    expect(everybody(blue, "unknown", [...red, ...open])()).toBe(true);
    expect(everybody(open, "unknown", [...red, ...blue])()).toBe(true);
    expect(red[0]!.view()).toMatchObject({ isOpen: false });
    expect(await Bun.file(`/proc/${red[0]!.pid}/cmdline`).text()).not.toContain("red");
  });

  test("with a key take in a node whose clock went back", async () => {
    await using lan = await startLan("clump.key=red", "clump.key=red", "clump.key=red");
    const { nodes } = lan;
    const [first, second, third] = nodes as [LanNode, LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    const lives = (by: LanNode) => by.view()?.nodes.find(({ id }) => id === 3)?.incarnation ?? 0;
    const life = lives(first);
    await third.end("SIGKILL");
    third.start({ millisecondsBehind: 3_600_000 });
    await wait(nodes, () => lives(first) > life && lives(second) > life);
    await wait(nodes, everybody(nodes, "up"));
    expect(first.view()?.drops.replayed).toBeGreaterThan(0);
  });

  test("on a network that is cut bury each other, and find each other when it heals", async () => {
    await using lan = await startLan("", "", "", "");
    const { nodes } = lan;
    await wait(nodes, everybody(nodes, "up"));
    await lan.ip("link add other type bridge", "link set other up");
    await lan.ip("link set port3 master other", "link set port4 master other");
    const [here, there] = [nodes.slice(0, 2), nodes.slice(2)];
    const isCut = () => everybody(here, "dead", there)() && everybody(there, "dead", here)();
    await wait(nodes, () => isCut() && everybody(here, "up")() && everybody(there, "up")());
    await lan.ip("link set port3 master lan", "link set port4 master lan");
    await wait(nodes, everybody(nodes, "up"));
  });

  test("of which one was doubted in vain, while its link to another was cut, are doubted again when they die", async () => {
    await using lan = await startLan("", "", "");
    const { nodes } = lan;
    const [first, second, third] = nodes as [LanNode, LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    await first.run(["ip", "route", "add", "blackhole", `${third.address}/32`]);
    await third.run(["ip", "route", "add", "blackhole", `${first.address}/32`]);
    await Bun.sleep(CUT_MILLISECONDS);
    // A doubt may stand at this moment; the third node denies each by way of the second.
    for (const state of [first.state(third), third.state(first)]) expect(state).toMatch(/^(up|suspect)$/);
    await Promise.all([second.end("SIGKILL"), third.end("SIGKILL")]);
    await wait(nodes, everybody([first], "dead", [second, third]));
  });

  test("follow setpe on a running node, and say when a number is claimed twice", async () => {
    await using lan = await startLan("", "");
    const { nodes } = lan;
    const [first, second] = nodes as [LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    await Bun.write(`${second.root}/etc/mosix.map`, "1 10.9.0.2 1\n2 10.9.0.1 1\n");
    await Bun.write(`${second.root}/run/clump/node.new`, "1\n");
    await Bun.$`mv ${second.root}/run/clump/node.new ${second.root}/run/clump/node`.quiet();
    await until(
      () => first.view()?.problems.length === 2,
      () => JSON.stringify(first.view()),
    );
    expect(first.view()?.problems[0]).toBe("number 1 is claimed by 2 nodes: this one, 10.9.0.1 and 10.9.0.2");
    expect(await first.ask("whois")).toBe("This is openMosix #1");
    expect(await first.ask("getload 1")).toStartWith("Error: node #1 is claimed by");
    expect(await second.ask("whois")).toBe("This is openMosix #1");
  });

  test("leave with their address, and are back with it", async () => {
    await using lan = await startLan("", "");
    const { nodes } = lan;
    const [first, second] = nodes as [LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    second.setAddress(undefined);
    await wait(nodes, everybody([first], "left", [second]));
    await until(
      () => second.view()?.nodes.length === 0,
      () => JSON.stringify(second.view()),
    );
    second.setAddress(second.address);
    await wait(nodes, everybody(nodes, "up"));
  });

  test("without multicast find each other by the map", async () => {
    await using lan = await startLan("clump.discovery=static", "clump.discovery=static");
    const { nodes } = lan;
    for (const { root } of nodes) await Bun.write(`${root}/etc/mosix.map`, "1 10.9.0.1 2\n");
    await wait(nodes, everybody(nodes, "up"));
  });

  test("follow the orders of a node with the key, and call nodes that are off", async () => {
    const open = "clump.key=red clump.control=0.0.0.0";
    await using lan = await startLan("clump.key=red", open, "clump.key=red", open);
    const { nodes } = lan;
    const [first, second, third, fourth] = nodes as [LanNode, LanNode, LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    const clump = async (...words: string[]) =>
      await first.run([
        "sh",
        "-c",
        '"$@" 2>&1; echo $?',
        "sh",
        process.execPath,
        `${import.meta.dir}/clump.ts`,
        first.root,
        ...words,
      ]);
    const said = (node: LanNode) => node.log.filter((line) => line.includes("ordered by")).join();
    expect(await clump("poweroff", "2")).toBe("0\n");
    expect(said(second)).toContain("ordered by node 1 (10.9.0.1): power off");
    expect(await clump("reboot", "3")).toMatch(
      /^clump: Cannot reboot node 3: its control port is closed, .*\n1\n$/,
    );
    expect(await clump("blink", "all")).toContain("Cannot blink node 3: ");
    for (const node of [first, second, fourth]) expect(said(node)).toContain(": blink the lights");

    const heard = fourth.run(["timeout", "20", process.execPath, `${import.meta.dir}/wake-receiver.ts`]);
    await third.end("SIGTERM");
    await wait(nodes, everybody([first], "left", [third]));
    await until(
      async () => (await clump("wake", "3")) === "called node 3 (10.9.0.3)\n0\n",
      () => "node 1 does not know node 3",
    );
    expect(await heard).toBe(`${"ff".repeat(6)}${"02000a090003".repeat(16)}\n`);
  });

  test("answer telnet from outside where that is asked for, to whoever has the key", async () => {
    await using lan = await startLan("clump.key=red clump.control=0.0.0.0", "clump.key=red");
    const { nodes } = lan;
    const [first, second] = nodes as [LanNode, LanNode];
    await wait(nodes, everybody(nodes, "up"));
    const telnet = (node: LanNode, to: string, lines: string) =>
      node.run([process.execPath, `${import.meta.dir}/telnet.ts`, to, lines]);
    const greeting = "clump control; help lists the commands, quit ends\r\n";
    const refused = await telnet(second, first.address, "status|auth red|isup 2");
    expect(refused.split("\r\n")).toEqual([
      greeting.trim(),
      expect.stringMatching(/^Cannot answer: a connection from outside must prove the cluster key/),
      "failed",
      expect.stringMatching(/^Cannot take the key: it crosses the network in clear text here/),
      "failed",
      expect.stringMatching(/^Cannot answer: /),
      "failed",
      "",
    ]);
    expect(await telnet(first, "127.0.0.1", "whois")).toBe(`${greeting}This is openMosix #1\r\nok\r\n`);
    expect(await telnet(first, second.address, "whois")).toBe("refused");
    const key = `${second.root}/etc/clump.key`;
    const words = ["init/main.ts", "clumpview", "--once", "--host", first.address, "--key", key];
    expect(await second.run([process.execPath, ...words])).toMatch(/^cluster +2 nodes, 2 up$/m);
  });
});
