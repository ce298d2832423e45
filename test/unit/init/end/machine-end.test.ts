import { expect, test } from "bun:test";
import { createEndRequest, END_SIGNALS, listenToSignals } from "../../../../init/end/machine-end.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

test("the first request counts; all are logged", async () => {
  const log = new FakeLog();
  const request = createEndRequest(log);
  request.ask("restart", "Ctrl-Alt-Del");
  request.ask("halt", "halt");
  expect(await request.asked).toBe("restart");
  expect(log.lines).toEqual(["info: Ctrl-Alt-Del asks for restart", "info: halt asks for halt"]);
});

test.each([
  ["SIGUSR1", "halt"],
  ["SIGUSR2", "power-off"],
  ["SIGTERM", "restart"],
  ["SIGINT", "restart"],
] as const)("%s asks for %s, as busybox and the kernel mean it", (signal, end) => {
  const before = new Map(Object.keys(END_SIGNALS).map((name) => [name, process.listeners(name as "SIGINT")]));
  const asked: string[] = [];
  listenToSignals({ asked: new Promise(() => {}), ask: (what) => void asked.push(what) });
  // The listeners are called, not the process: a signal would be meant for the test's runner.
  for (const listener of process.listeners(signal)) {
    if (!before.get(signal)?.includes(listener)) listener(signal);
  }
  for (const [name, old] of before) {
    for (const listener of process.listeners(name as "SIGINT")) {
      if (!old.includes(listener)) process.off(name, listener);
    }
  }
  expect(asked).toEqual([end]);
});
