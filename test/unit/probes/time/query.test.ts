import { expect, test } from "bun:test";
import { KissOfDeath } from "../../../../probes/time/packet.ts";
import { queryOffset } from "../../../../probes/time/query.ts";
import { answerBytes, type TimeAnswer } from "./answer.ts";

/** A time server on the loopback; `answer` gets the nonce of the request. */
async function serve(answer: (nonce: Uint8Array) => readonly Uint8Array[]) {
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(from, bytes, port, address) {
        for (const reply of answer(bytes.slice(40))) from.send(reply, port, address);
      },
    },
  });
  return { port: socket.port, [Symbol.dispose]: () => socket.close() };
}

const tell = (change: TimeAnswer & { ahead?: number }) => (nonce: Uint8Array) => {
  const now = Date.now() + (change.ahead ?? 0);
  return [answerBytes({ nonce, received: now, sent: now, ...change })];
};

test.each([0, 3_600_000, -86_400_000])("queryOffset() of a server that is %p ms ahead", async (ahead) => {
  using server = await serve(tell({ ahead }));
  const offset = await queryOffset("127.0.0.1", server);
  expect(Math.abs(offset - ahead)).toBeLessThan(1_000);
});

test("queryOffset() does not count what the server took to answer", async () => {
  using server = await serve((nonce) => {
    const now = Date.now();
    return [answerBytes({ nonce, received: now - 40_000, sent: now + 40_000 })];
  });
  expect(Math.abs(await queryOffset("127.0.0.1", server))).toBeLessThan(1_000);
});

test("queryOffset() gives the fault of an answer", async () => {
  using refusing = await serve(tell({ stratum: 0, reference: "DENY" }));
  expect(queryOffset("127.0.0.1", refusing)).rejects.toThrow(new KissOfDeath("DENY"));
  using forged = await serve(() => [answerBytes()]);
  expect(queryOffset("127.0.0.1", forged)).rejects.toThrow("it answers another request");
});

test("queryOffset() waits for an answer no longer than it is told", async () => {
  using server = await serve(() => []);
  expect(queryOffset("127.0.0.1", { ...server, limitMilliseconds: 50 })).rejects.toThrow(
    "no answer came within 0.05 s",
  );
});

test("queryOffset() does not wait for a port that is closed", async () => {
  const server = await serve(() => []);
  const { port } = server;
  server[Symbol.dispose]();
  const start = performance.now();
  expect(queryOffset("127.0.0.1", { port })).rejects.toThrow(/ECONNREFUSED/);
  expect(performance.now() - start).toBeLessThan(2_000);
});
