import { expect, test } from "bun:test";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { version } from "../../../package.json";
import { output, run } from "../../lib/shell.ts";
import { listFiles } from "./files.ts";
import { LONG, Pair } from "./pair.ts";

const INSTALL = `/root/clump-${version}/install.sh`;

test("a Debian 13 has clump by the archive, sends a process to a node of another kernel, libc and criu, and fetches it, and names the criu wanted where it is too old; install.sh --remove leaves nothing", async () => {
  await using pair = await Pair.boot("trixie", { comesBy: "archive", serves: false });
  const { desk } = pair;
  expect(await output(desk, "uname -r; criu --version")).toMatch(/^6\.12\.\S+deb13\S+\nVersion: 4\.1\b/);
  await output(desk, "tar -xf /srv/clump.tar -C /root", LONG);
  const before = await listFiles(desk);
  expect(await output(desk, INSTALL, LONG)).toContain("Installed.");
  await pair.joinNode();
  await expectRefusal(desk);
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

/** Before the first move: a criu that has been found to fit is not asked again. */
async function expectRefusal(desk: Vm): Promise<void> {
  const old = `printf '#!/bin/sh\necho Version: 3.16\n' >/root/criu; chmod 755 /root/criu`;
  await output(desk, `${old}; mount --bind /root/criu /usr/sbin/criu`);
  expect(await run(desk, `su u -c 'sleep 60 & migrate $! 2; s=$?; kill $!; exit $s' 2>&1`, LONG)).toEqual({
    output: expect.stringMatching(
      /criu 3\.16 does not know kernel 6\.12\.\S+: criu 3\.17 or later was wanted/,
    ),
    code: 1,
  });
  await output(desk, "umount /usr/sbin/criu && rm /root/criu");
}
