import { describe, expect, test } from "bun:test";
import { diagnose, type Readings } from "../../../../init/station/diagnosis.ts";
import { runDoctor } from "../../../../init/station/doctor.ts";
import { parseListeners } from "../../../../init/station/listeners.ts";

const WELL: Readings = {
  cpuinfo: "processor\t: 0\nflags\t\t: fpu cx16 popcnt ssse3 sse4_1 sse4_2 avx\n",
  kernel: "6.1.0-57-amd64",
  hasSystemd: true,
  hasCgroup2: true,
  criu: "3.17.1",
  criuCheck: { ok: true, complaint: "" },
  missingModules: [],
  nic: { address: "192.168.7.9", name: "eth0" },
  hasKey: true,
  isClockSet: true,
  listeners: [{ protocol: "udp", port: 5430, program: "clumpd" }],
  processor: 0x2_00,
  nodes: [],
};

const missing = (readings: Partial<Readings>) =>
  diagnose({ ...WELL, ...readings }).flatMap(({ ok, text }) => (ok ? [] : [text]));

describe("clump doctor", () => {
  test("finds nothing missing on a workstation that has all", () => {
    expect(missing({})).toEqual([]);
    expect(diagnose(WELL).map(({ text }) => text)).toContain("criu 3.17.1 for kernel 6.1.0-57-amd64");
  });

  test.each<[Partial<Readings>, string]>([
    [
      { cpuinfo: "flags : cx16 popcnt ssse3" },
      "the processor lacks sse4_1, sse4_2: an x86-64-v2 processor was wanted",
    ],
    [{ hasSystemd: false }, "systemd does not run"],
    [{ hasCgroup2: false }, "no cgroup2 at /sys/fs/cgroup"],
    [{ kernel: "6.13.2" }, "criu 3.17.1 does not know kernel 6.13.2: criu 4.1 or later was wanted"],
    [{ criuCheck: { ok: false, complaint: "no ptrace" } }, "criu check: no ptrace"],
    [{ missingModules: ["wireguard"] }, "the module wireguard, for the encrypted tunnel, is missing"],
    [{ nic: { problem: "there is no default route" } }, "there is no default route"],
    [{ hasKey: false }, "no cluster key: clump join makes one"],
    [
      { firewall: "ufw" },
      "ufw runs, and no other node is seen: it has to let UDP 1334, 5430 and 5433, TCP 5432",
    ],
    [{ isClockSet: false }, "no time server sets the clock"],
    [
      { listeners: [{ protocol: "tcp", port: 5432, program: "postgres" }] },
      "TCP 5432, for the door of moves: postgres has it, and has to listen elsewhere",
    ],
    [
      { processor: 0x3_00, nodes: [{ id: 2, processor: 0x2_00 }] },
      "processes that begin here stay away from node 2: its processor (x86-64-v2) lacks what this one (x86-64-v3)",
    ],
  ])("of %o says what is missing, and how to get it", (lack, text) => {
    expect(missing(lack)).toEqual([expect.stringContaining(text)]);
  });

  test("of a firewall says nothing where other nodes are seen, and of a node that processes may go there", () => {
    const readings = { ...WELL, firewall: "ufw", nodes: [{ id: 2, processor: 0x2_00 }, { id: 3 }] };
    const [second, third] = diagnose(readings).slice(-2);
    expect(missing(readings)).toEqual([]);
    expect([second?.text, third?.text]).toEqual([
      expect.stringMatching(/^processes may go to node 2/),
      expect.stringMatching(/^processes may go to node 3/),
    ]);
  });

  test("reads who listens where other nodes ask", () => {
    const users = (name: string) => `users:(("${name}",pid=7,fd=3))`;
    const said = [
      `udp   UNCONN 0      0            0.0.0.0:1334       0.0.0.0:*    ${users("clumpd")}`,
      "udp   UNCONN 0      0      192.168.7.9:5430       0.0.0.0:*          ",
      `tcp   LISTEN 0      244        127.0.0.1:5432       0.0.0.0:*    ${users("postgres")}`,
      `tcp   LISTEN 0      244             [::]:5432          [::]:*    ${users("postgres")}`,
      `tcp   LISTEN 0      64      0.0.0.0%eth0:80         0.0.0.0:*    ${users("httpd")}`,
      "",
    ].join("\n");
    expect(parseListeners(said, "192.168.7.9")).toEqual([
      { protocol: "udp", port: 1334, program: "clumpd" },
      { protocol: "udp", port: 5430 },
      { protocol: "tcp", port: 5432, program: "postgres" },
      { protocol: "tcp", port: 80, program: "httpd" },
    ]);
  });

  test("without criu names the package", () => {
    const { criu: _, ...without } = WELL;
    expect(diagnose(without).filter(({ ok }) => !ok)).toEqual([
      { ok: false, text: "no /usr/sbin/criu: apt install criu" },
    ]);
  });

  test.each([
    ["6.12.9", "4.1.1"],
    ["6.13.0", "4.2"],
    ["7.2", "4.2.1"],
    ["5.10", "10.0"],
  ])("takes kernel %s with criu %s", (kernel, criu) => expect(missing({ kernel, criu })).toEqual([]));

  test("asks the machine, and ends with 1 where something is missing", async () => {
    let said = "";
    const answer = (...command: readonly string[]) =>
      Promise.resolve({
        ok: true,
        output: command.includes("--version") ? "Version: 4.2\n" : "",
        complaint: "",
      });
    const machine = { isRoot: () => true, hasSystemd: () => false, systemctl: answer, run: answer };
    const stdout = (text: string) => {
      said += text;
    };
    expect(await runDoctor([], { root: "/nonexistent", stdout, stderr: stdout }, machine)).toBe(1);
    expect(said).toMatch(/^ok {7}criu 4\.2 for kernel /m);
    expect(said).toMatch(/^missing {2}systemd does not run/m);
  });
});
