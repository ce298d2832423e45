import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NoJobs } from "../../../../cluster/jobs/request.ts";
import { writeView } from "../../../../cluster/view.ts";
import { runJoin } from "../../../../init/station/join.ts";
import { runKey } from "../../../../init/station/key.ts";
import { runLeave } from "../../../../init/station/leave.ts";
import { writeStatus } from "../../../../system/state/node-status.ts";

let root: string;
let said: { stdout: string; stderr: string };
let calls: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "station-"));
  said = { stdout: "", stderr: "" };
  calls = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const io = () => ({
  root,
  stdout: (text: string) => {
    said.stdout += text;
  },
  stderr: (text: string) => {
    said.stderr += text;
  },
});

/** A machine whose services make it node 9 when they are started, or have that problem. */
function machine({ isRoot = true, hasSystemd = true, problems = [] as string[], refusal = "" } = {}) {
  const answer = (words: readonly string[]) => {
    calls.push(words.join(" "));
    if (words[0] === "restart") {
      const nics = { nics: [], problems, warnings: [] };
      const place = { ...(problems.length === 0 && { node: 9 }), address: "192.168.7.9", nic: "eth0" };
      writeStatus(root, { version: "7", hostname: "pc", mode: "Workstation", ...place, ...nics });
      const own = { id: 9, status: 3, heardUptime: 0, address: "192.168.7.9", state: "up", isSelf: true };
      const load = { load: 0, busy: 0, cpus: 1, speed: 1, memoryFree: 0, memoryTotal: 0 };
      writeView(root, JSON.stringify({ nodes: [{ ...own, ...load, aliases: [] }], problems: [], drops: {} }));
    }
    return Promise.resolve({ ok: refusal === "", output: "", complaint: refusal });
  };
  return {
    isRoot: () => isRoot,
    hasSystemd: () => hasSystemd,
    systemctl: (...words: readonly string[]) => answer(words),
    run: (...words: readonly string[]) => answer(words),
  };
}

const key = () => readFileSync(join(root, "etc/clump.key"), "utf8");

describe("clump join", () => {
  test("makes a key that root alone reads, and starts the services", async () => {
    expect(await runJoin([], io(), machine())).toBe(0);
    expect(key()).toMatch(/^[0-9a-f]{40}\n$/);
    expect(statSync(join(root, "etc/clump.key")).mode & 0o777).toBe(0o600);
    const units = "clump.service clumpd.service clumpjobs.service";
    expect(calls).toEqual([`enable --quiet ${units}`, `restart ${units}`]);
    expect(said.stdout).toContain("This workstation is node 9, at 192.168.7.9 on eth0.\n");
    expect(said.stdout).toContain("clump key show prints");
    expect(said.stdout).not.toContain(key().trim());
  });

  test("takes a key that is given, and keeps a key that is there", async () => {
    await runJoin(["room7"], io(), machine());
    expect(key()).toBe("room7\n");
    await runJoin([], io(), machine());
    expect(key()).toBe("room7\n");
  });

  test.each([
    [{ isRoot: false }, "clump: Cannot join: root was wanted, as with sudo\n"],
    [
      { hasSystemd: false },
      "clump: Cannot join: systemd does not run here, and was wanted; a booted node takes clump.key= on its kernel command line\n",
    ],
    [
      { refusal: "Access denied" },
      "clump: Cannot enable --quiet clump.service clumpd.service clumpjobs.service: Access denied\n",
    ],
    [{ problems: ["eth0 has no IPv4 address"] }, "clump: Cannot join: eth0 has no IPv4 address\n"],
  ])("says what was wanted: %o", async (lack, message) => {
    expect(await runJoin([], io(), machine(lack))).toBe(1);
    expect(said.stderr).toBe(message);
    if (!("problems" in lack)) expect(calls.filter((call) => call.startsWith("restart"))).toEqual([]);
  });

  test.each([["two words"], ["ümlaut"], [""]])("refuses the key %p", async (word) => {
    expect(await runJoin([word], io(), machine())).toBe(1);
    expect(said.stderr).toBe("clump: Cannot use that key: printable characters without blanks were wanted\n");
    expect(existsSync(join(root, "etc/clump.key"))).toBe(false);
  });

  test.each([
    [["--force"], "--force"],
    [["a", "b"], "b"],
  ])("refuses %p", async (words, wrong) => {
    expect(await runJoin(words, io(), machine())).toBe(2);
    expect(said.stderr).toContain(`Cannot use "${wrong}": one key or nothing was wanted`);
  });
});

describe("clump leave", () => {
  test("brings the jobs home and sends the guests away before it stops the services", async () => {
    await runJoin([], io(), machine());
    calls = [];
    const ask = ({ verb }: { readonly verb: string }) => Promise.resolve(calls.push(verb));
    expect(await runLeave([], io(), machine(), ask)).toBe(0);
    expect(calls).toEqual([
      ...["bring", "expel", "finish", "disable --quiet clumpjobs.service clumpd.service clump.service"],
      "stop clumpjobs.service clumpd.service clump.service",
      "/usr/sbin/ip link delete clump-moves",
    ]);
    expect(existsSync(join(root, "run/clump"))).toBe(false);
    expect(existsSync(join(root, "etc/clump.key"))).toBe(true);
  });

  test("leaves the daemon of jobs to processes that came home, and its folder with it", async () => {
    await runJoin([], io(), machine());
    calls = [];
    const ask = ({ verb }: { readonly verb: string }) =>
      Promise.resolve({ text: verb === "finish" ? "7 8" : "" });
    expect(await runLeave([], io(), machine(), ask)).toBe(0);
    expect(calls).toEqual([
      "disable --quiet clumpjobs.service clumpd.service clump.service",
      "stop --job-mode=ignore-dependencies clumpd.service clump.service",
    ]);
    expect(said.stdout).toContain("clumpjobs.service runs until they have ended: 7 8\n");
    expect(existsSync(join(root, "run/clump"))).toBe(true);
  });

  test("stops nothing while a job cannot come home", async () => {
    const ask = () => Promise.reject(new Error("Cannot move process 7 (work) on 10.0.0.2: no"));
    expect(await runLeave([], io(), machine(), ask)).toBe(1);
    expect(said.stderr).toBe("clump: Cannot leave: Cannot move process 7 (work) on 10.0.0.2: no\n");
    expect(calls).toEqual([]);
  });

  test("leaves where no daemon of moves runs, and wants root", async () => {
    const ask = () => Promise.reject(new NoJobs("none"));
    expect(await runLeave([], io(), machine(), ask)).toBe(0);
    expect(await runLeave([], io(), machine({ isRoot: false }), ask)).toBe(1);
    expect(said.stderr).toBe("clump: Cannot leave: root was wanted, as with sudo\n");
  });
});

describe("clump key", () => {
  test("makes a key and shows it, for root", () => {
    expect(runKey(["show"], io(), machine())).toBe(1);
    expect(said.stderr).toBe("clump: Cannot show the key: there is none, and clump join makes one\n");
    expect(runKey(["new"], io(), machine())).toBe(0);
    expect(said.stdout).toBe(key());
    expect(runKey(["show"], io(), machine())).toBe(0);
    expect(said.stdout).toBe(key() + key());
    expect(runKey(["new"], io(), machine({ isRoot: false }))).toBe(1);
    expect(runKey(["old"], io(), machine())).toBe(2);
  });
});
