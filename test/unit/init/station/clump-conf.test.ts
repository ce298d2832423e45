import { expect, test } from "bun:test";
import { parseConf } from "../../../../init/station/clump-conf.ts";

test("options of a workstation, one a line, as on the kernel command line", () => {
  const text = `# a comment
clump.nic=eth1

  clump.moves=open
clump.balance=off
clump.guests=yes
clump.root=yes
clump.discovery=static
"clump.map=1 10.0.0.1 20;30 10.0.1.1 4"
clump.map.span=prefix
`;
  expect(parseConf(text)).toEqual({
    nic: "eth1",
    moves: "open",
    balance: "off",
    guests: "yes",
    root: "yes",
    discovery: "static",
    map: "1 10.0.0.1 20;30 10.0.1.1 4",
    span: "prefix",
    complaints: [],
  });
});

test("of several lines for guests the last counts, idle as well", () => {
  expect(parseConf("clump.guests=yes\nclump.guests=idle\n")).toEqual({ guests: "idle", complaints: [] });
  expect(parseConf("clump.guests=idle\nclump.guests=no\n")).toEqual({ guests: "no", complaints: [] });
});

test("an empty file has no option", () => {
  expect(parseConf("")).toEqual({ complaints: [] });
});

test.each([
  ["clump.moves=maybe", "Cannot use clump.moves=maybe: open or no is wanted, ignoring"],
  ["clump.guests=maybe", "Cannot use clump.guests=maybe: no, idle or yes is wanted, ignoring"],
  ["clump.moevs=no", 'Cannot use "clump.moevs": it is no option of a workstation, and one of clump.nic, '],
  ["clump.vnc=0", 'Cannot use "clump.vnc": it is no option of a workstation'],
  ["ip=dhcp", 'Cannot use "ip": it is no option of a workstation'],
  ["clump.key=secret", "Cannot use clump.key: every user may read this file, and clump join KEY was wanted"],
  ["clump.nic=a clump.moves=no", 'Cannot use "clump.moves=no": one option a line was wanted, ignoring'],
  ["expert", 'Cannot use "expert": it is no option of a workstation'],
])("%s leaves a complaint with file and line, and the other lines count", (line, complaint) => {
  const { complaints, nic } = parseConf(`clump.nic=eth1\n\n${line}\n`);
  expect(complaints).toEqual([expect.stringContaining(`/etc/clump.conf, line 3: ${complaint}`)]);
  expect(nic).toBe("eth1");
  expect(complaints.join()).not.toContain("secret");
});
