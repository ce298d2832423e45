import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMapText, readOwnNode } from "../../../../cluster/map/node-map.ts";
import { parseConf } from "../../../../init/station/clump-conf.ts";
import { Station } from "../../../../init/station/station.ts";
import { readStatus } from "../../../../system/state/node-status.ts";

let root: string;
let lines: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "station-"));
  lines = [];
  mkdirSync(join(root, "proc/net"), { recursive: true });
  mkdirSync(join(root, "etc"));
  writeFileSync(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
  writeFileSync(
    join(root, "proc/net/route"),
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t01\t3\t0\t0\t0\t00000000\n",
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function station(addresses: () => readonly string[], conf = "") {
  const say = (line: string) => void lines.push(line);
  const log = { error: say, warn: say, info: say, debug: say };
  return new Station({
    ...{ root, log, options: parseConf(conf) },
    interfaces: () => ({
      eth0: addresses().map((address) => ({
        ...{
          address,
          netmask: "255.255.255.0",
          mac: "52:54:00:00:00:01",
          family: "IPv4",
          internal: false,
          cidr: null,
        },
      })),
    }),
  });
}

test("a workstation has number and map of its address, and nothing else is written below /etc", async () => {
  await station(() => ["192.168.7.9"]).update();
  expect(readOwnNode(root)).toBe(9);
  expect(readMapText(root)).toContain("1 192.168.7.1 254\n");
  expect(readStatus(root)).toMatchObject({
    mode: "Workstation",
    node: 9,
    address: "192.168.7.9",
    prefix: 24,
    nic: "eth0",
  });
  expect(readStatus(root)?.nics[0]?.mac).toBe("52:54:00:00:00:01");
  expect(lines).toEqual(["configured: node 9, 192.168.7.9/24 on eth0, map 1 192.168.7.1 254"]);
  expect(readFileSync(join(root, "etc/hosts"), "utf8")).toBe("127.0.0.1 localhost\n");
});

test("it follows the address, and says each change once", async () => {
  let addresses = ["192.168.7.9"];
  const own = station(() => addresses);
  await own.update();
  await own.update();
  addresses = [];
  await own.update();
  expect(readOwnNode(root)).toBeUndefined();
  expect(readStatus(root)?.problems).toEqual([
    "eth0 has no IPv4 address, and one was wanted: no NIC has one",
  ]);
  addresses = ["192.168.8.3"];
  await own.update();
  expect(readOwnNode(root)).toBe(3);
  expect(lines.map((line) => line.slice(0, 18))).toEqual([
    "configured: node 9",
    "Cannot take part i",
    "configured: node 3",
  ]);
});

test("a map that cannot be used is a problem, and a line of clump.conf a warning", async () => {
  await station(() => ["192.168.7.9"], "clump.map=1,2\nclump.moves=x\n").update();
  expect(readStatus(root)?.problems).toHaveLength(1);
  expect(readStatus(root)?.warnings).toEqual([expect.stringMatching(/^\/etc\/clump.conf, line 2: /)]);
  expect(readOwnNode(root)).toBeUndefined();
});
