import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { networkInterfaces } from "node:os";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runServe } from "../../../../init/station/serve.ts";
import { poolBeside } from "../../../../init/station/serve-plan.ts";
import { readServed, withServedNic } from "../../../../init/station/served.ts";
import { nodesOf } from "../../../../modes/serve/workstation.ts";
import { writeStatus } from "../../../../system/state/node-status.ts";
import { FakePacketSocket } from "../../../lib/fake-kernel.ts";
import { LINK } from "../../probes/dhcp/fake-network.ts";

let root: string;
let said: { stdout: string; stderr: string };
let calls: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "serve-"));
  said = { stdout: "", stderr: "" };
  calls = [];
  for (const path of ["usr/sbin/dnsmasq", "usr/lib/clump/boot/clump/vmlinuz"]) put(path, "");
  put("etc/clump.key", "room7\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const io = () => ({
  root,
  stdout: (text: string) => {
    said.stdout += text;
  },
  stderr: (text: string) => {
    said.stderr += text;
  },
});

const entry = (address: string) =>
  ({ family: "IPv4", internal: false, address, netmask: "255.255.255.0", mac: "52:54:00:12:34:64" }) as const;
const INTERFACES = {
  eth0: [{ ...entry("192.168.7.100"), cidr: null }],
  eth1: [{ ...entry("10.0.0.1"), cidr: null }],
} satisfies ReturnType<typeof networkInterfaces>;

/** A workstation with two networks; the node is on eth0 while `isNode`, and commands with `refused` in them fail. */
function machine({ isRoot = true, isNode = false, carrier = true, refused = "no such" } = {}) {
  const answer = (words: readonly string[]) => {
    calls.push(words.join(" "));
    const isOut = words[0] === "is-active" && words.at(-1) === "clump.service" && !isNode;
    const ok = !isOut && !words.join(" ").includes(refused);
    return Promise.resolve({ ok, output: "", complaint: ok ? "" : "refused" });
  };
  const socket = new FakePacketSocket();
  return {
    isRoot: () => isRoot,
    hasSystemd: () => true,
    systemctl: (...words: readonly string[]) => answer(words),
    run: (...words: readonly string[]) => answer(words),
    interfaces: () => INTERFACES,
    network: () =>
      Promise.resolve({
        links: () => ["eth0", "eth1"].map((name) => ({ ...LINK, name, carrier })),
        openPacketSocket: () => socket,
      }),
    ask: ({ verb }: { readonly verb: string }) => Promise.resolve(calls.push(verb)),
  };
}

const WITH_POOL = ["eth1", "--dhcp", "10.0.0.50,10.0.0.60"];
const UNIT = "clumpserve.service";

describe("clump serve", () => {
  test("starts the service for that interface, now and after each start, and says what the nodes get", async () => {
    expect(await runServe(WITH_POOL, io(), machine())).toBe(0);
    expect(readFileSync(join(root, "etc/clump.serve"), "utf8")).toBe(
      "CLUMPSERVE_OPTIONS=--interface eth1 --dhcp 10.0.0.50,10.0.0.60\n",
    );
    expect(calls).toEqual([`enable --quiet ${UNIT}`, "is-active --quiet clump.service", `restart ${UNIT}`]);
    expect(said.stdout).toBe(
      "The PCs that boot from the network of eth1 become nodes (DHCP server, 10.0.0.50 to 10.0.0.60).\n" +
        "They get the cluster key: every machine on that network can read it from here.\n",
    );
    expect(said.stdout).not.toContain("room7");
  });

  test("has the workstation be a node where it serves, once its processes are home", async () => {
    const nics = { nics: [], problems: [], warnings: [] };
    writeStatus(root, { version: "7", hostname: "pc", mode: "Workstation", nic: "eth0", ...nics });
    expect(await runServe(WITH_POOL, io(), machine({ isNode: true }))).toBe(0);
    expect(calls.slice(-4)).toEqual(["bring", "expel", "restart clump.service", `restart ${UNIT}`]);
    expect(withServedNic(root, { complaints: [] }).nic).toBe("eth1");
    expect(withServedNic(root, { complaints: [], nic: "eth0" }).nic).toBe("eth0");
  });

  test("tells whether it serves, to every user, and ends", async () => {
    const user = machine({ isRoot: false });
    expect(await runServe([], io(), user)).toBe(0);
    await runServe([...WITH_POOL, "--no-key"], io(), machine());
    said.stdout = "";
    expect(await runServe([], io(), user)).toBe(0);
    expect(said.stdout).toContain("They get no cluster key from here.\n");
    expect(await runServe([], io(), machine({ refused: "is-active" }))).toBe(1);
    expect(said.stderr).toBe(
      "clump: clumpserve.service does not run, and journalctl -u clumpserve says why\n",
    );
    expect(await runServe(["off"], io(), machine())).toBe(0);
    expect(calls).toContain(`disable --quiet --now ${UNIT}`);
    expect(readServed(root)).toBeUndefined();
  });

  test.each([
    [{ isRoot: false }, WITH_POOL, "Cannot serve: root was wanted, as with sudo"],
    [
      {},
      ["eth9"],
      "Cannot serve on eth9: an interface with a cable and an IPv4 address was wanted, and there is eth0, eth1",
    ],
    [{ carrier: false }, ["eth1"], "Cannot serve on eth1: it has no carrier, and a cable was wanted"],
    [
      { refused: `restart ${UNIT}` },
      WITH_POOL,
      `Cannot restart ${UNIT}: refused; journalctl -u clumpserve says why`,
    ],
  ])("says what was wanted: %o %j", async (lack, words, message) => {
    expect(await runServe(words, io(), machine(lack))).toBe(1);
    expect(said.stderr).toBe(`clump: ${message}\n`);
    expect(existsSync(join(root, "etc/clump.serve"))).toBe(false);
  });

  test.each([
    ["usr/sbin/dnsmasq", "dnsmasq(8) is missing, and apt install dnsmasq-base was wanted"],
    [
      "usr/lib/clump/boot/clump/vmlinuz",
      "this package has no /usr/lib/clump/boot, and one from npm run deb was wanted",
    ],
    ["etc/clump.key", "this workstation has no cluster key, and clump join was wanted first"],
  ])("wants %s", async (path, message) => {
    rmSync(join(root, path));
    expect(await runServe(WITH_POOL, io(), machine())).toBe(1);
    expect(said.stderr).toBe(`clump: Cannot serve: ${message}\n`);
  });

  test("refuses a key that boot loaders would read as something else", async () => {
    put("etc/clump.key", "a'b\n");
    expect(await runServe(WITH_POOL, io(), machine())).toBe(1);
    expect(said.stderr).toContain("boot loaders take keys of letters");
    expect(await runServe([...WITH_POOL, "--no-key"], io(), machine())).toBe(0);
  });
});

test("the nodes get the key and their own lines", () => {
  const nodes = nodesOf("room7", "* debug\n52:54:00:12:34:02 expert\n");
  expect(nodes).toEqual({ all: "clump.key=room7 debug", byMac: new Map([["52:54:00:12:34:02", "expert"]]) });
  expect(nodesOf(undefined, "").all).toBe("");
});

test.each([
  ["10.0.0.1", 24, ["10.0.0.2", "10.0.0.254"]],
  ["192.168.7.100", 24, ["192.168.7.101", "192.168.7.254"]],
  ["192.168.7.200", 24, ["192.168.7.1", "192.168.7.199"]],
  ["10.1.2.3", 8, ["10.1.2.4", "10.1.2.254"]],
  ["10.0.0.5", 30, ["10.0.0.6", "10.0.0.6"]],
  ["10.0.0.5", 31, undefined],
  ["10.0.0.5", 32, undefined],
] as const)("beside %s/%i are the addresses %j to lease", (address, prefix, pool) => {
  expect<unknown>(poolBeside({ address, prefix })).toEqual(pool);
});
