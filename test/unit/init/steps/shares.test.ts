import { afterEach, expect, jest, test } from "bun:test";
import { existsSync } from "node:fs";
import { parseShare, type Share } from "../../../../init/options/share.ts";
import { mountShares } from "../../../../init/steps/shares.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

const HOME: Share = { type: "nfs4", server: "files", path: "/srv/home", mountPoint: "/home" };

test.each([
  ["nfs4:files:/srv/home:/home", HOME],
  ["nfs:10.0.0.2:/:/mnt/all", { type: "nfs", server: "10.0.0.2", path: "/", mountPoint: "/mnt/all" }],
])("parseShare() reads %s", (value, share) => {
  expect(parseShare(value)).toEqual(share as Share);
});

test.each([
  "",
  "files:/srv/home:/home",
  "nfs5:files:/srv/home:/home",
  "nfs4:files:/srv/home",
  "nfs4:files:srv:/home",
  "nfs4:files:/srv/home:/",
  "nfs4:files:/srv/home:/usr",
  "nfs4:files:/srv/home:/etc/x",
  "nfs4:files:/srv/home:/home/../usr",
  "nfs4:-o:/srv/home:/home",
])("parseShare() refuses %p", (value) => {
  expect(parseShare(value)).toBeUndefined();
});

/** Mounts on a node whose mount(8) answers with these complaints one after the other; "" is a success. */
async function mount(share: Share, complaints: readonly string[], seconds = 1) {
  jest.useFakeTimers();
  using root = makeRoot({ "/etc/hosts": "10.0.0.2 files\n", "/run/clump/x": "" });
  const { log } = fakeMachine(root.path);
  const commands: string[] = [];
  const end = new AbortController();
  let hasEnded = false;
  void mountShares([share], {
    ...{ root: root.path, log, signal: end.signal },
    run: async (command) => {
      const complaint = complaints[commands.length] ?? "";
      commands.push(command.slice(1).join(" ").replaceAll(root.path, ""));
      return { ok: complaint === "", output: "", complaint };
    },
  }).then(() => (hasEnded = true));
  const wasPending = existsSync(`${root.path}/run/clump/shares.pending`);
  for (let waited = 0; waited < seconds * 1_000; waited += 100) {
    await settle();
    jest.advanceTimersByTime(100);
  }
  await settle();
  const isPending = existsSync(`${root.path}/run/clump/shares.pending`);
  end.abort();
  return {
    commands,
    lines: log.lines,
    hasEnded,
    wasPending,
    isPending,
    hasFolder: existsSync(`${root.path}/home`),
  };
}

test("a share is mounted by the address of its server", async () => {
  expect(await mount(HOME, [])).toEqual({
    commands: ["mount -t nfs4 -o vers=4.2,sec=sys,addr=10.0.0.2 files:/srv/home /home"],
    lines: ["info: mounted files:/srv/home on /home"],
    hasEnded: true,
    wasPending: true,
    isPending: false,
    hasFolder: true,
  });
});

test("an older server is asked by its own version", async () => {
  const { commands, hasEnded } = await mount(HOME, ["mount: Protocol not supported", "mount: no"]);
  expect(commands.map((command) => /vers=[\d.]+/.exec(command)?.[0])).toEqual([
    "vers=4.2",
    "vers=4.1",
    "vers=4.0",
  ]);
  expect(hasEnded).toBe(true);
});

test("a server that is away is asked again, and the log names it once", async () => {
  const away = Array.from({ length: 6 }, () => "mount: Connection refused");
  const { commands, lines, hasEnded } = await mount(HOME, away, 12);
  expect(commands).toHaveLength(7);
  expect(lines).toEqual([
    "warn: Cannot mount files:/srv/home on /home: Connection refused, trying again",
    "info: mounted files:/srv/home on /home",
  ]);
  expect(hasEnded).toBe(true);
});

test("until a share is mounted, a file says so", async () => {
  expect(await mount({ ...HOME, server: "nobody.invalid" }, [])).toMatchObject({
    hasEnded: false,
    isPending: true,
  });
});

test("a share that is mounted is not mounted again, whatever mount(8) says", async () => {
  using root = makeRoot({ "/etc/hosts": "10.0.0.2 files\n", "/run/clump/x": "" });
  const { log } = fakeMachine(root.path);
  let count = 0;
  await mountShares([HOME], {
    ...{ root: root.path, log, signal: new AbortController().signal },
    run: async () => {
      count += 1;
      root.write({ "/proc/mounts": "files:/srv/home /home nfs4 rw,vers=4.2 0 0\n" });
      return { ok: false, output: "", complaint: "mount: unknown error" };
    },
  });
  expect(count).toBe(1);
  expect(log.lines).toEqual(["info: mounted files:/srv/home on /home"]);
});
