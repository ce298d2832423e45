/**
 * `bun test/bench/native.ts`: how long a node's DHCP client takes on this machine, in network namespaces, with dnsmasq at the
 * other end of a veth(4): from its start to its lease, and what it waits for.
 */

import { join } from "node:path";
import { ROOT } from "../../assets/build/project.ts";
import { runScript } from "../../assets/command-line/options.ts";
import { compileProgram } from "../../assets/image/program.ts";
import { createLab } from "../net/lab.ts";
import { startDnsmasq } from "../net/programs.ts";
import { median } from "./median.ts";
import { formatTable } from "./table.ts";

const ROUNDS = 5;
const PROGRAM = join(ROOT, "dist/bench/client/client");

/** What the client says at the end of each wait, and what it waited for. */
const WAITS = [
  { until: /INIT \(carrier found\)/, name: "the program starts, and finds the carrier of eth0" },
  { until: /INIT -> SELECTING/, name: "the DISCOVER is sent" },
  { until: /SELECTING -> REQUESTING/, name: "the server offers an address" },
  { until: /REQUESTING -> PROBING/, name: "the server grants the address" },
  { until: /PROBING -> BOUND/, name: "no machine has answered the ARP probe, 50 ms after the REQUEST" },
  { until: /^lease \{/m, name: "the address is set" },
] as const;

await runScript(async () => {
  await compileProgram(PROGRAM, ROOT, "test/net/client.ts");
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureWaits());
  const medians = WAITS.map((_, wait) => median(rounds.map((times) => times[wait]!)));
  const total = median(rounds.map((times) => times.reduce((sum, time) => sum + time, 0)));
  const rows = [
    ...WAITS.map(({ name }, wait) => [name, medians[wait]!.toFixed(1)]),
    ["all", total.toFixed(1)],
  ];
  console.log(formatTable(["wait until", `ms, median of ${ROUNDS}`], rows));
});

/** Milliseconds of each wait of one start. */
async function measureWaits(): Promise<number[]> {
  await using lab = await createLab();
  await startDnsmasq(lab, "10.9.0.50,10.9.0.60");
  let last = performance.now();
  const client = lab.start("client", [PROGRAM, "eth0", "node77"]);
  const times: number[] = [];
  for (const { until } of WAITS) {
    await client.expect(until);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}
