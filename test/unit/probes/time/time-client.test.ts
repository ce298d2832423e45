import { expect, test } from "bun:test";
import { KissOfDeath } from "../../../../probes/time/packet.ts";
import { TimeClient } from "../../../../probes/time/time-client.ts";
import { FakeKernel } from "../../../lib/fake-kernel.ts";
import { FakeClock, FakeLog, settle } from "../dhcp/fake-network.ts";

class Bench {
  readonly kernel = new FakeKernel();
  readonly log = new FakeLog();
  readonly clock = new FakeClock();
  /** Each server that was asked, with the seconds since the start. */
  readonly asked: string[] = [];
  /** What each server answers: an offset, or its fault; none answers where it is absent. */
  readonly answers: { a?: number | Error; b?: number | Error; c?: number | Error } = {};
  readonly client = new TimeClient({
    kernel: this.kernel,
    log: this.log,
    clock: { ...this.clockWithoutChance() },
    query: async (server) => {
      this.asked.push(`${server} at ${this.clock.now() / 1_000}`);
      const answer = this.answers[server as "a"] ?? new Error("no answer came within 5 s");
      if (typeof answer === "number") return answer;
      throw answer;
    },
  });

  clockWithoutChance() {
    const { clock } = this;
    return { now: clock.now, after: clock.after.bind(clock), random: () => 0 };
  }
}

test("the clock is stepped at the first answer, and slewed from then on", async () => {
  const { client, answers, clock, kernel, log } = new Bench();
  answers.a = 1_234_567;
  client.update(["a"]);
  await settle();
  expect(kernel.calls).toEqual(["step the clock by 1234567 ms"]);
  expect(log.lines).toEqual(["info: clock set from a: it was 1234.567 s behind"]);
  answers.a = -3;
  await clock.pass(64_000);
  answers.a = 7_000;
  await clock.pass(128_000);
  expect(kernel.calls.slice(1)).toEqual(["slew the clock by -3 ms", "slew the clock by 7000 ms"]);
  expect(log.lines.slice(1)).toEqual([
    "debug: clock slewed to a: it was 0.003 s ahead",
    "debug: clock slewed to a: it was 7.000 s behind",
  ]);
});

test("a right clock is asked about ever less often, from 64 s to 1,024 s; a wrong one after 64 s", async () => {
  const { client, answers, clock, asked } = new Bench();
  answers.a = 5;
  client.update(["a"]);
  await clock.pass(3_000_000);
  expect(asked).toEqual(["a at 0", "a at 64", "a at 192", "a at 448", "a at 960", "a at 1984"]);
  answers.a = 5_000;
  asked.length = 0;
  await clock.pass(150_000);
  expect(asked).toEqual(["a at 3008", "a at 3072", "a at 3136"]);
});

test("of several servers the first that answers counts, and the next is asked where one does not", async () => {
  const { client, answers, clock, asked, log, kernel } = new Bench();
  answers.b = 1;
  answers.c = 2;
  client.update(["a", "b", "c"]);
  await clock.pass(64_000);
  expect(asked).toEqual(["a at 0", "b at 0", "a at 64", "b at 64"]);
  expect(kernel.calls).toEqual(["step the clock by 1 ms", "slew the clock by 1 ms"]);
  // Once, as long as it lasts.
  const warning = "warn: Cannot set the clock from a: no answer came within 5 s, skipping";
  expect(log.lines.filter((line) => line.startsWith("warn"))).toEqual([warning]);
});

test("the same servers are not asked anew, others are at once", async () => {
  const { client, answers, clock, asked } = new Bench();
  answers.a = 1;
  answers.b = 1;
  client.update(["a"]);
  await clock.pass(1_000);
  client.update(["a"]);
  client.update(["b", "a"]);
  client.update([]);
  await clock.pass(10_000_000);
  expect(asked).toEqual(["a at 0", "b at 1"]);
});

test("silence is waited out ever longer", async () => {
  const { client, clock, asked, log } = new Bench();
  client.update(["a"]);
  await clock.pass(500_000);
  expect(asked).toEqual(["a at 0", "a at 64", "a at 192", "a at 448"]);
  expect(log.lines).toHaveLength(1);
});

test.each([
  ["DENY", ["a at 0", "b at 0", "b at 64"]],
  ["RSTR", ["a at 0", "b at 0", "b at 64"]],
  ["RATE", ["a at 0", "b at 0", "a at 64", "b at 64"]],
])("a server that answers %s: %p", async (code, expected) => {
  const { client, answers, clock, asked } = new Bench();
  answers.a = new KissOfDeath(code);
  answers.b = 1;
  client.update(["a", "b"]);
  await clock.pass(64_000);
  expect(asked).toEqual(expected);
});

test("where every server says never again, none is asked", async () => {
  const { client, answers, clock, asked } = new Bench();
  answers.a = new KissOfDeath("DENY");
  client.update(["a"]);
  await clock.pass(10_000_000);
  expect(asked).toEqual(["a at 0"]);
});

test("an answer of a server that is not wanted any more changes nothing", async () => {
  const { client, answers, kernel } = new Bench();
  answers.a = 5;
  client.update(["a"]);
  client.update([]);
  await settle();
  expect(kernel.calls).toEqual([]);
});

test("a clock that cannot be set is named, and stepped at the next answer", async () => {
  const { client, answers, clock, kernel, log } = new Bench();
  answers.a = 5;
  kernel.failures.push({ call: "step", message: "Cannot set the clock: EPERM" });
  client.update(["a"]);
  await settle();
  expect(log.lines.at(-1)).toBe("warn: Cannot set the clock: EPERM, ignoring");
  kernel.failures.length = 0;
  await clock.pass(64_000);
  expect(kernel.calls.at(-1)).toBe("step the clock by 5 ms");
});
