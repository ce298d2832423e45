import { afterEach, expect, test } from "bun:test";
import { connect, type Server, type Socket } from "node:net";
import { NoRoom, type Room } from "../../../../cluster/balance/room.ts";
import type { Guests } from "../../../../cluster/jobs/guests.ts";
import { startJobsServer } from "../../../../cluster/jobs/jobs-server.ts";
import { JOBS_PORT } from "../../../../cluster/jobs/paths.ts";
import { formatOrder } from "../../../../cluster/migration/order.ts";

const ADDRESS = "127.0.0.177";
const [HOME, OTHER] = ["10.0.0.2", "10.0.0.3"];
const ORDER = formatOrder({
  ...{ job: "7.a", pid: 7, parent: 1, group: 7, session: 7, name: "work" },
  ...{ hostname: "node2", image: "", relays: [] },
});

let server: Server | undefined;
const took: string[] = [];
afterEach(() => {
  server?.close();
  took.length = 0;
});

/** This node has the guest 7.a of HOME, and HOME has its job 8.b; `from` is who connects. */
async function ask(line: string, from: string | undefined, refusal?: string): Promise<string> {
  const guests = {
    isOf: (home: string, job: string) => home === HOME && job === "7.a",
    has: () => true,
    link: (_: string, socket: Socket) => socket.end(),
    take: async (node: string, _: string, socket: Socket) => {
      took.push(node);
      socket.end("taken\n");
    },
    sendOnward: async (home: string, _: string, { isByItself }: { isByItself: boolean }) => {
      if (isByItself) took.push("by itself");
      if (home !== HOME) throw new Error("it is not there any more");
    },
  };
  server = await startJobsServer({
    ...{
      address: ADDRESS,
      from: () => from,
      refusal: () => refusal,
      keep: () => {},
      whereIs: () => "unknown",
      isToGo: (from: string, _: string, next: string) => from === HOME && next === "10.0.0.9",
      promiseRoom: ({ running }: Room) => (running < 2 ? "node 7 has become busy meanwhile" : undefined),
    },
    guests: guests as unknown as Guests,
    recall: async (node) => {
      if (node !== HOME) throw new Error("its home has no such process\nthere");
    },
    pass: async (node, _, to, { running }) => {
      if (node !== HOME) throw new Error("its home has no such process there");
      if (running < 2) throw new NoRoom(`node ${to} has become busy meanwhile`);
    },
  });
  const socket = connect(JOBS_PORT, ADDRESS);
  let heard = "";
  socket.on("data", (data: Buffer) => {
    heard += data.toString();
  });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.write(`${line}\n`);
  await closed;
  return heard;
}

const LINES = [
  ...["link 7.a", "guest 7.a", "processor", "where 8.b", "goes 8.b 10.0.0.9", "onward 7.a 10.0.0.9"],
  ...["recall 8.b", "pass 8.b 10.0.0.9 2 4096", "room 2 4096", ORDER, "x"],
];

test.each(LINES)("a stranger hears nothing to %s, and nothing happens", async (line) => {
  expect(await ask(line, undefined)).toBe("");
  expect(took).toEqual([]);
});

test.each([
  ["link 7.a", "gone\n"],
  ["guest 7.a", "no\n"],
  ["onward 7.a 10.0.0.9", "refused it is not there any more\n"],
  ["recall 8.b", "refused its home has no such process there\n"],
  ["pass 8.b 10.0.0.9 2.5 4096", "refused its home has no such process there\n"],
])("another node than the home has no say: %s", async (line, answer) => {
  expect(await ask(line, OTHER)).toBe(answer);
});

test.each([
  ["link 7.a", /^here\n$/],
  ["guest 7.a", /^yes\n$/],
  ["onward 7.a 10.0.0.9", /^moved\n$/],
  ["recall 8.b", /^moved\n$/],
  ["pass 8.b 10.0.0.9 2.5 4096", /^moved\n$/],
  ["pass 8.b 10.0.0.9 1.5 4096", /^full node 10.0.0.9 has become busy meanwhile\n$/],
  ["pass 8.b 10.0.0.9 x 4096", /^refused Cannot take that: /],
  ["room 2.5 4096", /^promised\n$/],
  ["room 1.5 4096", /^refused node 7 has become busy meanwhile\n$/],
  ["room 1 x", /^refused Cannot promise room: a number of processes and one of bytes was wanted\n$/],
  ["processor", /\bsse2\b.*\n$/],
  ["goes 8.b 10.0.0.9", /^yes\n$/],
  ["goes 8.b 10.0.0.8", /^no\n$/],
  ["x", /^refused Cannot take that: link, guest, .* or an order was wanted\n$/],
])("the home hears to %s what is so", async (line, answer) => {
  expect(await ask(line, HOME)).toMatch(answer);
});

test("a guest learns whether a person has chosen its next node", async () => {
  expect(await ask("onward 7.a 10.0.0.9", HOME)).toBe("moved\n");
  expect(took).toEqual([]);
  server?.close();
  expect(await ask("onward 7.a 10.0.0.9 by-itself", HOME)).toBe("moved\n");
  expect(took).toEqual(["by itself"]);
});

test("an order is taken, or refused with the reason", async () => {
  expect(await ask(ORDER, HOME)).toBe("taken\n");
  expect(took).toEqual([HOME]);
  server?.close();
  expect(await ask(ORDER, HOME, "this node takes no guests (mosctl block)")).toBe(
    "refused this node takes no guests (mosctl block)\n",
  );
});
