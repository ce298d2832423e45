import { expect, test } from "bun:test";
import { parseClumpdOptions } from "../../../../cluster/daemon/clumpd-options.ts";
import { parseClumpjobsOptions } from "../../../../cluster/jobs/options.ts";
import { serviceOptions } from "../../../../init/station/service-options.ts";

const words = (text = "") => text.split(" ");

test("with a key processes move, and clumpd opens no TCP port", () => {
  const { clumpd, clumpjobs } = serviceOptions({ discovery: "static" }, true);
  expect(parseClumpdOptions(words(clumpd))).toEqual({
    ...{ control: undefined, discovery: "static", balance: "on", guests: "no", root: "", help: false },
  });
  expect(parseClumpjobsOptions(words(clumpjobs))).toMatchObject({ criu: "/usr/sbin/criu", open: false });
});

test("without a key processes move only where clump.moves=open", () => {
  expect(serviceOptions({}, false).clumpjobs).toBeUndefined();
  expect(serviceOptions({}, false).clumpd).not.toContain("--balance");
  expect(serviceOptions({ moves: "open" }, false).clumpjobs).toContain("--open");
  expect(serviceOptions({ moves: "no" }, true).clumpjobs).toBeUndefined();
});

test("root's processes and files stay here but with clump.root=yes", () => {
  expect(serviceOptions({}, true).clumpjobs).toContain("--no-root");
  expect(serviceOptions({ root: "yes" }, true).clumpjobs).not.toContain("--no-root");
});

test("clump.balance=off and clump.guests=yes reach clumpd", () => {
  expect(serviceOptions({ guests: "yes" }, true).clumpd).toContain("--guests yes");
  // Guests come when the owner is away, and not with the start.
  expect(serviceOptions({ guests: "idle" }, true).clumpd).toContain("--guests no");
  expect(serviceOptions({ balance: "off" }, true).clumpd).toContain("--balance off");
});
