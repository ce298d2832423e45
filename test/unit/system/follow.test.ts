import { expect, test } from "bun:test";
import { follow } from "../../../system/follow.ts";
import { FakeLog } from "../../lib/fake-kernel.ts";

/** Follows feeds one after the other; each ends in its error, the last with the signal. */
async function run(feeds: readonly { readonly events: readonly string[]; readonly error?: string }[]) {
  const log = new FakeLog();
  const seen: string[] = [];
  const abort = new AbortController();
  let turn = 0;
  async function* events() {
    const { events: list, error } = feeds[turn++]!;
    seen.push("listen");
    yield* list;
    if (error !== undefined) throw new Error(error);
    abort.abort();
  }
  const look = () => void seen.push("look");
  const handle = (event: string) => void seen.push(event);
  await follow({ name: "hear", events, handle, look, log, signal: abort.signal, pauseMilliseconds: 1 });
  return { seen, lines: log.lines };
}

test("follow() listens before it looks, and handles what comes", async () => {
  const { seen, lines } = await run([{ events: ["a", "b"] }]);
  expect(seen).toEqual(["listen", "look", "a", "b"]);
  expect(lines).toEqual([]);
});

test("follow() listens and looks again where events were lost", async () => {
  const { seen, lines } = await run([{ events: ["a"], error: "ENOBUFS" }, { events: ["b"] }]);
  expect(seen).toEqual(["listen", "look", "a", "listen", "look", "b"]);
  expect(lines).toEqual(["warn: Cannot hear: ENOBUFS, looking again"]);
});

test("follow() survives a look that fails", async () => {
  const log = new FakeLog();
  const abort = new AbortController();
  let looks = 0;
  async function* events() {
    yield* [];
    abort.abort();
  }
  const look = () => {
    if (++looks === 1) throw new Error("EIO");
  };
  await follow({
    name: "hear",
    events,
    handle: () => {},
    look,
    log,
    signal: abort.signal,
    pauseMilliseconds: 1,
  });
  expect(log.lines).toEqual(["warn: Cannot hear: EIO, looking again"]);
});

test("follow() ends a listening whose look has failed, and minds no late word of it", async () => {
  const log = new FakeLog();
  const abort = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const silent = async (signal: AbortSignal): Promise<never> => {
    await new Promise((heard) => signal.addEventListener("abort", heard));
    resolve();
    throw new Error("ENETDOWN");
  };
  let turn = 0;
  async function* events(signal: AbortSignal): AsyncGenerator<string> {
    if (++turn === 1) yield await silent(signal);
    // The signal of all listenings would end the first one too: it has ended before.
    await ended;
    abort.abort();
  }
  const look = () => {
    if (turn === 1) throw new Error("EMFILE");
  };
  const options = { look, log, signal: abort.signal, pauseMilliseconds: 1 };
  await follow({ name: "hear", events, handle: () => {}, ...options });
  expect(log.lines).toEqual(["warn: Cannot hear: EMFILE, looking again"]);
});

test("follow() ends a listening whose handler has failed", async () => {
  const log = new FakeLog();
  const abort = new AbortController();
  const open = new Set<number>();
  let turn = 0;
  async function* events(): AsyncGenerator<string> {
    const own = ++turn;
    open.add(own);
    try {
      yield own === 1 ? "bad" : "good";
    } finally {
      open.delete(own);
    }
  }
  const handle = (event: string): void => {
    if (event === "bad") throw new Error("EINVAL");
    expect([...open]).toEqual([2]);
    abort.abort();
  };
  await follow({
    ...{ name: "hear", events, handle, look: () => {}, log, signal: abort.signal, pauseMilliseconds: 1 },
  });
  expect(log.lines).toEqual(["warn: Cannot hear: EINVAL, looking again"]);
});
