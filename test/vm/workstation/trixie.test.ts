import { expect, test } from "bun:test";
import { version } from "../../../package.json";
import { output, run } from "../../lib/shell.ts";
import { listFiles } from "./files.ts";
import { LONG, Pair } from "./pair.ts";

const INSTALL = `/root/clump-${version}/install.sh`;

test("a Debian 13 has clump by the archive, sends a process to a node of another kernel, libc and criu, and fetches it; install.sh --remove leaves nothing", async () => {
  await using pair = await Pair.boot("trixie", { comesBy: "archive", serves: false });
  const { desk } = pair;
  expect(await output(desk, "uname -r; criu --version")).toMatch(/^6\.12\.\S+deb13\S+\nVersion: 4\.1\b/);
  await output(desk, "tar -xf /srv/clump.tar -C /root", LONG);
  const before = await listFiles(desk);
  expect(await output(desk, INSTALL, LONG)).toContain("Installed.");
  await pair.joinNode();
  await pair.bringCriu();
  const pid = await pair.start();
  await output(desk, `su u -c "migrate ${pid} 2"`, LONG);
  expect(await output(pair.node, "clump jobs")).toMatch(new RegExp(`^ *${pid} +work +of 100 `, "m"));
  expect(await output(desk, "clump leave", LONG)).toContain(`until they have ended: ${pid}\n`);
  expect((await run(desk, "wait $!", LONG)).code).toBe(7);
  expect(await output(desk, "cat /home/u/out")).toBe(pair.expected);
  await pair.untilStopped();
  await output(desk, `${INSTALL} --remove`, LONG);
  expect(await listFiles(desk)).toBe(before);
}, 900_000);
