import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuestNodes } from "../../../../cluster/jobs/guest-nodes.ts";
import { Hops } from "../../../../cluster/jobs/hops.ts";
import { type AwayJob, parseAwayJob } from "../../../../cluster/jobs/record.ts";
import { Registry } from "../../../../cluster/jobs/registry.ts";
import type { GuestOrder } from "../../../../cluster/migration/order.ts";

const [OWN, FROM, TO] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const JOB: AwayJob = {
  ...{ job: "42.abc", pid: 42, startTime: 900, name: "work", since: 1_000 },
  ...{ uid: 0, node: FROM, moves: 1 },
};
const QUIET = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

let folder = "";
let registry: Registry<AwayJob>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hops-"));
  registry = new Registry(folder, parseAwayJob);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface World {
  /** What each node answers when it is asked for the guest. */
  readonly guestAt?: Readonly<Record<string, boolean | undefined>>;
  readonly dead?: readonly string[];
  readonly failure?: string;
  /** Called while a node sends a guest on, and while a node is asked for it. */
  readonly during?: (hops: Hops) => void;
  readonly asked?: (hops: Hops) => void;
}

function makeHops({ guestAt = {}, dead = [], failure, during, asked }: World) {
  const said: string[] = [];
  const nodes = {
    has: async (node: string) => {
      asked?.(hops);
      return guestAt[node];
    },
    sendOnward: async () => {
      during?.(hops);
      // Both nodes are known before anything happens.
      said.push(`asked with next ${registry.get(JOB.job)?.next}`);
      if (failure !== undefined) throw new Error(failure);
    },
  };
  const deputies = {
    unlink: () => said.push("linked anew"),
  };
  const hops: Hops = new Hops({
    ...{ registry, log: QUIET, nodes: nodes as unknown as GuestNodes },
    deputies,
    members: { isGone: (node: string) => dead.includes(node) },
    own: OWN,
    passageHere: () => Promise.reject(new Error("no passage")),
  });
  return { hops, said };
}

describe("move()", () => {
  test("records the next node before and after, and has the deputy link anew", async () => {
    const { hops, said } = makeHops({});
    const moved = await hops.move(JOB, TO, false);
    expect(moved).toMatchObject({ node: TO, moves: 2 });
    expect(moved.next).toBeUndefined();
    expect(registry.get(JOB.job)).toEqual(moved);
    expect(said).toEqual([`asked with next ${TO}`, "linked anew"]);
  });

  test("leaves the job where it is when that node refuses, with the reason", async () => {
    const { hops } = makeHops({ failure: "is stopped", guestAt: { [FROM]: true, [TO]: false } });
    await expect(hops.move(JOB, TO, false)).rejects.toThrow("is stopped");
    expect(registry.get(JOB.job)).toEqual(JOB);
  });

  test.each([true, false])(
    "keeps what has become of the deputy meanwhile: a copy goes on, %p",
    async (goesOn) => {
      const asked = () => {
        if (goesOn) registry.set({ ...registry.get(JOB.job)!, pid: 43 });
        else registry.delete(JOB.job);
      };
      const { hops } = makeHops({ failure: "it has ended", guestAt: { [FROM]: true }, asked });
      await expect(hops.move(JOB, TO, false)).rejects.toThrow("it has ended");
      expect(registry.get(JOB.job)).toEqual(goesOn ? { ...JOB, pid: 43 } : undefined);
    },
  );

  test("has arrived where only the answer was lost", async () => {
    const { hops } = makeHops({ failure: "hung up", guestAt: { [FROM]: false, [TO]: true } });
    expect(await hops.move(JOB, TO, false)).toMatchObject({ node: TO, moves: 2 });
  });
});

describe("isToGo()", () => {
  test("is so until the answer is there, for that node and from there", async () => {
    const { hops } = makeHops({
      during: (hops) => {
        const asked = [
          hops.isToGo(FROM, JOB.job, TO),
          hops.isToGo(FROM, JOB.job, OWN),
          hops.isToGo(TO, JOB.job, TO),
        ];
        expect(asked).toEqual([true, false, false]);
      },
    });
    await hops.move(JOB, TO, false);
    expect(hops.isToGo(FROM, JOB.job, TO)).toBe(false);
  });

  test("is not so while home finds out what has become of an order whose connection was lost", async () => {
    const { hops } = makeHops({
      failure: "hung up",
      guestAt: { [FROM]: true },
      asked: (hops) => expect(hops.isToGo(FROM, JOB.job, TO)).toBe(false),
    });
    await expect(hops.move(JOB, TO, false)).rejects.toThrow("hung up");
  });
});

describe("startAgain()", () => {
  const ORDER = { starts: 2 } as unknown as GuestOrder;

  test("does nothing for a job whose image was not kept", async () => {
    expect(await makeHops({}).hops.startAgain(JOB)).toBe(false);
  });

  test("has noted a new number of starts before anything happens, and says where the image cannot be restored", async () => {
    registry.set({ ...JOB, kept: { order: ORDER, waits: true } });
    expect(await makeHops({}).hops.startAgain(JOB)).toBe(false);
    expect(registry.get(JOB.job)).toMatchObject({ next: OWN, kept: { order: { starts: 3 } } });
  });
});

type Case = [there: boolean | undefined, next: boolean | undefined, dead: readonly string[], outcome: string];

test.each<Case>([
  [true, false, [], "stays"],
  [true, undefined, [], "stays"],
  [true, undefined, [TO], "stays"],
  // The copy on the next node has not run while the guest is there, and will not.
  [true, true, [], "stays"],
  [false, true, [], "arrives"],
  [undefined, true, [], "waits"],
  [undefined, true, [FROM], "arrives"],
  [false, false, [], "stays"],
  [undefined, false, [], "waits"],
  [undefined, false, [FROM], "stays"],
  [undefined, undefined, [FROM], "waits"],
  [false, undefined, [], "waits"],
  [false, undefined, [TO], "stays"],
  [undefined, undefined, [FROM, TO], "stays"],
])(
  "a move that was cut off, with the guest there %p, on the next node %p, and %j dead: %s",
  async (there, next, dead, outcome) => {
    const { hops } = makeHops({ guestAt: { [FROM]: there, [TO]: next }, dead });
    registry.set({ ...JOB, next: TO });
    hops.sweep();
    await Bun.sleep(5);
    const job = registry.get(JOB.job);
    const place = job?.node === TO ? "arrives" : "stays";
    const now = job?.next !== undefined ? "waits" : place;
    expect(now).toBe(outcome);
  },
);
