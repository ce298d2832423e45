import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { connect } from "node:net";
import { serveControlSocket } from "../../../init/control.ts";
import type { AskJobs } from "../../../init/end/send-all-home.ts";
import type { OrderVerb } from "../../../modes/menu/order.ts";
import { runOrder } from "../../../modes/menu/order-client.ts";
import type { ServeRequest } from "../../../modes/serve/serve-request.ts";
import type { Service } from "../../../modes/service.ts";
import type { LinkPlan } from "../../../probes/network/plan.ts";
import type { NetworkProbe } from "../../../probes/network.ts";
import { PATHS } from "../../../system/state/paths.ts";
import { disc } from "../../fixtures/disks.ts";
import { makeRoot, type Root } from "../../fixtures/root.ts";
import { type FakeLog, type FakeMachine, fakeMachine, settle } from "../../lib/fake-kernel.ts";

let root: Root;
let done: string[] = [];
let machine: FakeMachine;
let log: FakeLog;
let abort: AbortController;

const NETWORK: Pick<NetworkProbe, "configure" | "makePrimary"> = {
  configure(name: string, plan: LinkPlan): void {
    if (name === "eth7") throw new RangeError("Cannot set up eth7: no network interface has that name");
    done.push(`${name} ${plan.kind} ${plan.kind === "static" ? plan.lease.address : ""}`.trim());
  },
  makePrimary: (name: string) => void done.push(`${name} leads`),
};
const SUPERVISOR = {
  start({ name }: { readonly name: string }, ready = () => {}): void {
    done.push(`start ${name}`);
    ready();
  },
  stopService: async (name: string) => done.push(`stop ${name}`) === 1,
};

const NODE = {
  network: NETWORK,
  showServing: (request: unknown) => void done.push(request === undefined ? "serves nobody" : "serves"),
};
const CONTEXT = { options: { eject: true }, node: NODE, supervisor: SUPERVISOR };

beforeEach(() => {
  root = makeRoot();
  machine = fakeMachine(root.path);
  [done, log, abort] = [[], machine.log, new AbortController()];
});
afterEach(() => {
  abort.abort();
  root[Symbol.dispose]();
});

function listen({ configures = true } = {}): void {
  const node = configures ? NODE : { ...NODE, network: undefined };
  serveControlSocket(machine, { ...CONTEXT, node, signal: abort.signal });
}

async function order(line: string) {
  let said = "";
  const [verb, ...words] = line.split(" ") as [OrderVerb, ...string[]];
  const code = await runOrder([verb, ...words], {
    root: root.path,
    stdout: () => {},
    stderr: (text) => {
      said += text;
    },
  });
  return [code, said];
}

describe("serveControlSocket()", () => {
  test.each([
    ["dhcp eth0", "eth0 dhcp"],
    ["static eth0 10.0.0.5/24 via 10.0.0.1", "eth0 static 10.0.0.5"],
    ["nic eth0", "eth0 leads"],
    ["start clumpd", "start clumpd"],
    ["stop clumpd", "stop clumpd"],
    ["stop clumpserve", "stop clumpserve, serves nobody"],
  ])("follows %p, and logs it", async (line, what) => {
    listen();
    expect(await order(line)).toEqual([0, ""]);
    expect([done.join(", "), log.lines]).toEqual([what, [`info: ordered by hand: ${line}`]]);
  });

  describe("before clumpd stops, what has moved goes home", () => {
    const listenWith = (askJobs: AskJobs) =>
      serveControlSocket(machine, { ...CONTEXT, askJobs, signal: abort.signal });

    test("both what is away and what is a guest", async () => {
      const asked: string[] = [];
      listenWith(async ({ verb }) => {
        expect(done).toEqual([]);
        asked.push(verb);
      });
      expect(await order("stop clumpd")).toEqual([0, ""]);
      expect([asked, done]).toEqual([["bring", "expel"], ["stop clumpd"]]);
    });

    test("and where something stays, clumpd stops only when it is to stop now", async () => {
      listenWith(async () => {
        throw new Error(
          "Cannot move process 7 (cc1) of 10.0.0.2: no room\nCannot move process 8 (cc1): no room",
        );
      });
      expect(await order("stop clumpd")).toEqual([
        1,
        "clump: Cannot stop clumpd: Cannot move process 7 (cc1) of 10.0.0.2: no room; Cannot move process 8 (cc1): no room; " +
          "clump stop clumpd now ends these processes\n",
      ]);
      expect(done).toEqual([]);
      expect(await order("stop clumpd now")).toEqual([0, ""]);
      expect(done).toEqual(["stop clumpd"]);
    });

    test("clumpserve has none", async () => {
      listenWith(async ({ verb }) => void done.push(verb));
      expect(await order("stop clumpserve")).toEqual([0, ""]);
      expect(done).toEqual(["stop clumpserve", "serves nobody"]);
    });
  });

  test.each([["dhcp eth7", "clump: Cannot set up eth7: no network interface has that name\n"]])(
    "answers %p with a sentence",
    async (line, sentence) => {
      listen();
      expect(await order(line)).toEqual([1, sentence]);
      expect([done, log.lines]).toEqual([[], []]);
    },
  );

  test("boots other nodes where this one was given what they need", async () => {
    listen();
    root.write({ "/srv/boot/clump/vmlinuz": "" });
    expect(await order("start clumpserve")).toEqual([0, ""]);
    expect([done, machine.children.all]).toEqual([["start clumpserve", "serves"], []]);
  });

  test("boots other nodes by the addresses that the kernel command line gives away", async () => {
    const serve: ServeRequest = { pool: ["10.1.0.50", "10.1.0.60"], isAsked: true };
    const [started, shown]: [Service[], unknown[]] = [[], []];
    const supervisor = {
      ...SUPERVISOR,
      start(service: Service, ready = () => {}): void {
        started.push(service);
        expect(shown).toEqual([]);
        ready();
      },
    };
    const node = { ...NODE, showServing: (request: unknown) => void shown.push(request) };
    const options = { eject: true, serve };
    root.write({ "/srv/boot/clump/vmlinuz": "" });
    serveControlSocket(machine, { options, node, supervisor, signal: abort.signal });
    expect(await order("start clumpserve")).toEqual([0, ""]);
    expect(started.map(({ command }) => command)).toEqual([
      ["/usr/sbin/clumpserve", "10.1.0.50,10.1.0.60", "--ready-fd", "3"],
    ]);
    expect(shown).toEqual([serve]);
  });

  test("takes what they need from a medium where it was not, and gives back the CD", async () => {
    root.write({ "/sys/class/block/sr0": "", "/dev/sr0": disc("CLUMP") });
    machine.children.onSpawn = (child) => child.finish(0);
    listen();
    expect(await order("start clumpserve")).toEqual([0, ""]);
    expect(machine.children.all.map(({ command }) => command)).toEqual([["/usr/sbin/clumpserve", "--take"]]);
    expect(machine.kernel.calls).toEqual([`eject ${root.path}/dev/sr0`]);
    expect(done).toEqual(["start clumpserve", "serves"]);
  });

  test("says so where there is no medium, and starts nothing", async () => {
    machine.children.onSpawn = (child) => {
      child.said = "Cannot boot other nodes: a CD was wanted\n";
      child.finish(1);
    };
    listen();
    expect(await order("start clumpserve")).toEqual([1, "clump: Cannot boot other nodes: a CD was wanted\n"]);
    expect([done, machine.kernel.calls]).toEqual([[], []]);
  });

  test("says so where a service does not run", async () => {
    listen();
    await order("stop clumpd");
    expect(await order("stop clumpd")).toEqual([1, "clump: Cannot stop clumpd: it does not run\n"]);
  });

  test("follows one after the other: a start waits for the stop before it", async () => {
    const supervisor = {
      ...SUPERVISOR,
      async stopService(name: string): Promise<boolean> {
        await settle();
        return await SUPERVISOR.stopService(name);
      },
    };
    serveControlSocket(machine, { ...CONTEXT, supervisor, signal: abort.signal });
    const { promise: answered, resolve } = Promise.withResolvers<string>();
    let said = "";
    const socket = connect(`${root.path}/run/clump/init`, () => socket.write("stop clumpd\nstart clumpd\n"));
    socket.on("data", (bytes) => {
      said += bytes.toString();
      if (said.split("\n").length > 2) resolve(said);
    });
    expect(await answered).toBe("done\ndone\n");
    socket.destroy();
    expect(done).toEqual(["stop clumpd", "start clumpd"]);
  });

  test("has no order wait for a medium that another one wants", async () => {
    listen();
    const slow = order("start clumpserve");
    while (machine.children.all.length === 0) await settle();
    expect(await order("dhcp eth0")).toEqual([0, ""]);
    machine.children.all[0]?.finish(0);
    await slow;
    expect(done).toEqual(["eth0 dhcp", "start clumpserve", "serves"]);
  });

  test.each([
    [1_000, false],
    [1_001, true],
  ])("hangs up on a line of %i characters without an end: %p", async (length, hangsUp) => {
    listen();
    const { promise: closed, resolve } = Promise.withResolvers<boolean>();
    const socket = connect(root.path + PATHS.initSocket, () => socket.write("x".repeat(length)));
    socket.resume().on("close", () => resolve(true));
    const isClosed = await Promise.race([closed, Bun.sleep(200).then(() => false)]);
    socket.destroy();
    expect(isClosed).toBe(hangsUp);
  });

  test("leaves the network alone where nothing is configured", async () => {
    listen({ configures: false });
    const sentence = "this mode leaves the network alone, and another was wanted\n";
    expect(await order("dhcp eth0")).toEqual([1, `clump: Cannot set up eth0: ${sentence}`]);
    expect(await order("start clumpserve")).toEqual([1, `clump: Cannot start clumpserve: ${sentence}`]);
  });

  test("is for root alone, and takes the place of what is left of an earlier one", async () => {
    root.write({ "/run/clump/init": "left over" });
    listen();
    expect(statSync(`${root.path}/run/clump/init`).mode & 0o777).toBe(0o600);
    expect(await order("start clumpd")).toEqual([0, ""]);
  });
});

describe("runOrder()", () => {
  test("refuses what is no order before anybody is asked", async () => {
    const [code, said] = await order("static eth0 10.0.0.5/99");
    expect(code).toBe(2);
    expect(said).toContain("clump: Cannot use 99 as the mask");
    expect(said).toContain("Usage: clump static NIC");
  });

  test("says so where process 1 is another", async () => {
    const [code, said] = await order("dhcp eth0");
    expect([code, said]).toEqual([1, expect.stringContaining("clump: Cannot ask process 1: ")]);
  });
});
