import { expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import { END_SIGNALS, EndRequest, listenToSignals } from "../../../../init/end/machine-end.ts";
import { FakeLog } from "../../../lib/fake-kernel.ts";

test("the first request counts; all are logged", async () => {
  const log = new FakeLog();
  const request = new EndRequest(log);
  request.ask("restart", "Ctrl-Alt-Del");
  request.ask("halt", "halt");
  expect(await request.requested).toBe("restart");
  expect(log.lines).toEqual(["info: Ctrl-Alt-Del asks for restart", "info: halt asks for halt"]);
});

test.each([
  ["SIGUSR1", "halt"],
  ["SIGUSR2", "power-off"],
  ["SIGTERM", "restart"],
  ["SIGINT", "restart"],
] as const)("%s asks for %s, as busybox and the kernel mean it", (signal, end) => {
  const events = new EventEmitter();
  const asked: string[] = [];
  listenToSignals({ ask: (what) => void asked.push(what) }, events);
  events.emit(signal);
  expect(asked).toEqual([end]);
  expect(events.eventNames()).toEqual(Object.keys(END_SIGNALS));
});
