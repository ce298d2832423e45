import { afterEach, expect, jest, test } from "bun:test";
import { sendGuestsHome } from "../../../../init/end/guests.ts";
import { answerDeparture, type DepartureAnswer, readDeparture } from "../../../../system/state/departure.ts";
import { makeRoot } from "../../../fixtures/root.ts";
import { fakeMachine, settle } from "../../../lib/fake-kernel.ts";
import { STATUS } from "../../../web/recorded.ts";

afterEach(() => void jest.useRealTimers());

const WITH_SCREEN = { "/run/clump/status.json": JSON.stringify(STATUS) };

async function seconds(count: number): Promise<void> {
  for (let waited = 0; waited < count * 1_000; waited += 100) {
    await settle();
    jest.advanceTimersByTime(100);
  }
  await settle();
}

/** A node from which a guest does not go, unless its turn is among `goes`; the screen is answered one by one. */
async function send(
  files: Record<string, string>,
  answers: readonly DepartureAnswer[],
  goes: readonly number[] = [],
) {
  jest.useFakeTimers();
  using root = makeRoot(files);
  const machine = fakeMachine(root.path);
  let turns = 0;
  machine.children.onSpawn = (child) => {
    child.said = "Cannot move process 7: no room\n";
    child.finish(goes.includes(++turns) ? 0 : 1);
  };
  let outcome = "waits";
  void sendGuestsHome(machine).then(
    () => (outcome = "all are gone"),
    (error: Error) => (outcome = error.message),
  );
  await seconds(1);
  const asked = readDeparture(root.path)?.stays;
  for (const answer of answers) {
    answerDeparture(root.path, answer);
    await seconds(1);
  }
  const early = outcome;
  await seconds(61);
  return { early, outcome, asked, turns };
}

test("nobody is asked where all guests go", async () => {
  expect(await send(WITH_SCREEN, [], [1])).toMatchObject({ early: "all are gone", asked: [], turns: 1 });
});

test("the screen names what stays, and the node ends a minute later", async () => {
  const { early, outcome, asked } = await send(WITH_SCREEN, []);
  expect([early, outcome, asked]).toEqual([
    "waits",
    "Cannot move process 7: no room",
    ["Cannot move process 7: no room"],
  ]);
});

test("the answer ESC ends the node at once", async () => {
  expect((await send(WITH_SCREEN, ["now"])).early).toBe("Cannot move process 7: no room");
});

test("the answer w gives guests more time", async () => {
  expect(await send(WITH_SCREEN, ["wait"], [2])).toMatchObject({ early: "all are gone", turns: 2 });
});

test("a node whose screen is a shell asks nobody", async () => {
  const files = { "/run/clump/status.json": JSON.stringify({ ...STATUS, mode: "Expert" }) };
  expect((await send(files, [])).early).toBe("Cannot move process 7: no room");
});
