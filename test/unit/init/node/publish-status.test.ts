import { describe, expect, jest, test } from "bun:test";
import { rmSync } from "node:fs";
import { gatherStatus, StatusPublisher, type StatusSources } from "../../../../init/node/publish-status.ts";
import { readStatus } from "../../../../system/state/node-status.ts";
import { LEASE, NIC, networkOf } from "../../../fixtures/lease.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";

const FIRST: StatusSources = { version: "7.0.0", mode: "ClumpOS", warnings: ["from the command line"] };

const identity = {
  current: () => ({ node: 15, map: "1 10.0.2.1 254" }),
  problems: () => ["a problem of the map"],
  warnings: () => ["a warning of the map"],
  update: async () => {},
};
const drivers = { problems: () => ["no driver for 10ec:8168 in this image"], settled: async () => {} };

describe("gatherStatus()", () => {
  test("says what little is known at first", () => {
    expect(gatherStatus(FIRST)).toEqual({
      version: "7.0.0",
      hostname: expect.any(String),
      mode: "ClumpOS",
      nics: [],
      problems: [],
      warnings: ["from the command line"],
    });
  });

  test("says all of a configured node", () => {
    const network = networkOf({ ...NIC, lease: LEASE, leasedAt: 4.5 });
    const web = { port: 8080, isOpen: false };
    const serve = { pool: ["10.0.2.50", "10.0.2.60"], isAsked: true } as const;
    const slurm = { current: () => ({ state: "idle", jobs: 0 }), problems: () => ["a problem of Slurm"] };
    expect(gatherStatus({ ...FIRST, identity, drivers, network, web, serve, slurm })).toMatchObject({
      slurm: { state: "idle", jobs: 0 },
      web,
      serves: "the other PCs, beside the DHCP server",
      node: 15,
      map: "1 10.0.2.1 254",
      address: "10.0.2.15",
      prefix: 24,
      nic: "eth0",
      lease: { server: "10.0.2.2", obtainedUptime: 4.5, seconds: 86_400, state: "BOUND" },
      nics: [
        {
          name: "eth0",
          mac: "52:54:00:12:34:56",
          device: "0000:00:03.0 8086:100e e1000",
          carrier: true,
          dhcp: "BOUND 10.0.2.15/24",
          sinceUptime: 3,
        },
      ],
      problems: ["a problem of the map", "no driver for 10ec:8168 in this image", "a problem of Slurm"],
      warnings: ["from the command line", "a warning of the map"],
    });
  });

  test("says of a lease for ever what JSON can say", () => {
    const network = networkOf({ ...NIC, lease: { ...LEASE, seconds: Infinity } });
    const status = gatherStatus({ ...FIRST, network });
    expect(status.lease?.seconds).toBeNull();
    expect(status.lease?.obtainedUptime).toBeGreaterThan(0);
  });

  test("names no lease and no address without them", () => {
    const status = gatherStatus({ ...FIRST, network: networkOf(NIC) });
    expect(status.nics).toHaveLength(1);
    for (const key of ["lease", "address", "prefix", "nic", "node", "map"])
      expect(status).not.toContainKey(key);
  });
});

describe("StatusPublisher", () => {
  test("writes a file that clumpview reads, once for the calls of one turn", async () => {
    using root = makeRoot();
    const publisher = new StatusPublisher(fakeMachine(root.path), FIRST);
    let gathered = 0;
    const counted = {
      ...drivers,
      problems: () => {
        gathered += 1;
        return [];
      },
    };
    publisher.refresh();
    publisher.show({ drivers: counted });
    publisher.show({ mode: "Expert" });
    publisher.refresh();
    await settle();
    expect(readStatus(root.path)).toMatchObject({ mode: "Expert", version: "7.0.0" });
    expect(gathered).toBe(1);
    publisher.refresh();
    await settle();
    expect(gathered).toBe(2);
  });

  test("says once that a status cannot be written, and writes it when it can be", async () => {
    jest.useFakeTimers();
    using root = makeRoot({ "/run": "not a folder" });
    const machine = fakeMachine(root.path);
    const publisher = new StatusPublisher(machine, FIRST);
    publisher.refresh();
    await settle();
    publisher.refresh();
    await settle();
    expect(machine.log.lines).toEqual([
      expect.stringMatching(/^warn: Cannot write the status: .*, trying again$/),
    ]);
    rmSync(`${root.path}/run`);
    jest.advanceTimersByTime(5_000);
    await settle();
    expect(readStatus(root.path)).toMatchObject({ version: "7.0.0" });
    jest.useRealTimers();
  });
});
