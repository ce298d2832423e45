import { expect, test } from "bun:test";
import { Countdown } from "../../../../modes/clumpview/countdown.ts";

/** A countdown, a hand to turn its clock with, and what it told. */
function start() {
  const told: (number | undefined | "end")[] = [];
  let waiting: (() => void) | undefined;
  const countdown: Countdown = new Countdown(
    (milliseconds, run) => {
      expect(milliseconds).toBe(1_000);
      waiting = run;
      return () => {
        waiting = undefined;
      };
    },
    { onChange: () => told.push(countdown.left), onEnd: () => told.push("end") },
  );
  countdown.start();
  return { countdown, told, second: () => waiting?.() };
}

test("Countdown gives five seconds, one after the other, then ends", () => {
  const { told, second } = start();
  for (let count = 0; count < 9; count++) second();
  expect(told).toEqual([5, 4, 3, 2, 1, "end"]);
});

test("Countdown that is stopped never ends, and starts from the begin", () => {
  const { countdown, told, second } = start();
  second();
  countdown.stop();
  for (let count = 0; count < 9; count++) second();
  expect(told).toEqual([5, 4, undefined]);
  countdown.start();
  expect(countdown.left).toBe(5);
});
