import { expect, test } from "bun:test";
import {
  bootSteps,
  complaints,
  networkEvents,
  parseKernelLog,
  wholeLog,
  withBoot,
} from "../../../../modes/report/kernel-log.ts";

/** As busybox's `dmesg -r` prints Linux 6.1, shortened. */
const RAW = `<5>[    0.000000] Linux version 6.1.0-56-amd64
<4>[    1.100000] clump-driver: two lines
of one record
<6>[    5.200000] e1000: eth0 NIC Link is Up 1000 Mbps Full Duplex
<14>[    6.500000] clump: dhcp eth0: SELECTING -> REQUESTING 10.0.2.15 from 10.0.2.2
<14>[    6.600000] clump: configured: node 15, 10.0.2.15/24 on eth0, map 1 10.0.2.1 254
<14>[    6.700000] clump: get an address: ok (0.120 s)
<12>[    6.800000] clump: Cannot watch the power button: ENOENT, ignoring
`;
const LOG = parseKernelLog(RAW);
const times = (text: string) => [...text.matchAll(/\[ +([\d.]+)0{5}\]/g)].map(([, time]) => time);

test("parseKernelLog() takes the levels off", () => {
  expect(wholeLog(LOG)).toBe(RAW.replace(/^<\d+>/gm, "").trimEnd());
});

test("complaints() are those of warning and above, with all lines of a record", () => {
  expect(times(complaints(LOG))).toEqual(["1.1", "6.8"]);
  expect(complaints(LOG)).toContain("of one record");
});

test("networkEvents() are those of leases, cables and the node", () => {
  expect(times(networkEvents(LOG, ["eth0"]))).toEqual(["5.2", "6.5", "6.6"]);
  expect(times(networkEvents(LOG, ["eth1"]))).toEqual(["6.5", "6.6"]);
});

test("withBoot() puts what process 1 has kept in front of a log that has forgotten its begin, each line once", () => {
  const kept = "<6>[    6.500000] clump: mount /proc: ok (0.001 s)\n<4>[    6.900001] clump: a warning\n";
  const flooded = parseKernelLog(
    "<4>[    6.900000] clump: a warning\n<6>[    9.100000] clumpd: node 9 is up\n",
  );
  const lines = withBoot(flooded, kept);
  expect(times(wholeLog(lines))).toEqual(["6.5", "6.9", "9.1"]);
  expect(bootSteps(lines)).toBe("[    6.500000] clump: mount /proc: ok (0.001 s)");
  const whole = parseKernelLog("<5>[    0.000000] Linux version 6.12\n<6>[  9.1] clumpd: node 9 is up\n");
  expect(withBoot(whole, kept)).toBe(whole);
});

test("bootSteps() are the steps with their times", () => {
  expect(times(bootSteps(LOG))).toEqual(["6.7"]);
});
