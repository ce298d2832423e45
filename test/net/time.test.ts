import { beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { unpackedProgram } from "../lib/home-programs.ts";
import { createLab, type Lab, TEST_LIMIT } from "./lab.ts";

/** It is not installed: it would take the place of this machine's own time service. */
let chronyd: readonly string[] = [];
beforeAll(async () => {
  chronyd = await unpackedProgram("chrony", "usr/sbin/chronyd");
});

/** chronyd on the server's side; it serves the machine's clock and leaves that alone (-x). */
async function startChrony(lab: Lab, more: readonly string[]) {
  const file = join(lab.files, "chrony.conf");
  const lines = ["allow", "cmdport 0", "bindcmdaddress /", `pidfile ${lab.files}/chronyd.pid`, ...more];
  await Bun.write(file, `${lines.join("\n")}\n`);
  const server = lab.start("server", [...chronyd, "-d", "-x", "-u", "root", "-f", file]);
  await server.expect(/chronyd version/);
}

async function startTimeClient(lab: Lab, servers: readonly string[]) {
  await lab.run("client", "ip address add 10.9.0.77/24 dev eth0");
  return lab.start("client", [process.execPath, `${import.meta.dir}/time-client.ts`, ...servers]);
}

test.concurrent(
  "the time of chronyd is taken, after a server that is not there",
  async () => {
    await using lab = await createLab();
    await startChrony(lab, ["local stratum 8"]);
    const client = await startTimeClient(lab, ["10.9.0.2", "10.9.0.1"]);
    const [, offset] = await client.expect(/step by (-?\d+) ms/);
    expect(Math.abs(Number(offset))).toBeLessThan(1_000);
    await client.expect(/clock set from 10\.9\.0\.1: it was 0\.\d\d\d s (ahead|behind)/);
    expect(client.output).toContain("Cannot set the clock from 10.9.0.2: ");
  },
  TEST_LIMIT,
);

test.concurrent(
  "the time of a chronyd that has none itself is refused",
  async () => {
    await using lab = await createLab();
    await startChrony(lab, []);
    const client = await startTimeClient(lab, ["10.9.0.1"]);
    await client.expect(/Cannot set the clock from 10\.9\.0\.1: its own clock is not set, skipping/);
    expect(client.output).not.toContain("step");
  },
  TEST_LIMIT,
);
