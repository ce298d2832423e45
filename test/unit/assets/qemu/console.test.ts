import { expect, test } from "bun:test";
import { Console } from "../../../../assets/qemu/console.ts";

const A_SECOND = { within: 1 };

function createConsole() {
  const written: string[] = [];
  const console = new Console({
    write: (bytes) => written.push(bytes),
    reproduction: "qemu-system-x86_64 -m 512",
    timeFactor: 0.01,
  });
  const say = (text: string) => console.receive(new TextEncoder().encode(text));
  return { console, say, written };
}

test("expect() sees what was said before and what is said after the call", async () => {
  const { console, say } = createConsole();
  say("one\n");
  expect((await console.expect("one", A_SECOND))[0]).toBe("one");
  const two = console.expect(/tw(.)/, A_SECOND);
  say("two\n");
  expect((await two)[1]).toBe("o");
});

test("expect() does not see the same text twice", async () => {
  const { console, say } = createConsole();
  say("configured\n");
  await console.expect("configured", A_SECOND);
  await expect(console.expect("configured", A_SECOND)).rejects.toThrow("within 0.01 s");
});

test("expect() of something whenever it was said sees it before the last match too, and forgets nothing", async () => {
  const { console, say } = createConsole();
  say("sent\nshown\nready\n");
  await console.expect("shown", A_SECOND);
  await console.expect("sent", { ...A_SECOND, whenever: true });
  expect((await console.expect("ready", A_SECOND))[0]).toBe("ready");
});

test("expect() waits for the end of a pattern that may still grow", async () => {
  const { console, say } = createConsole();
  const node = console.expect(/node (\d+)/, A_SECOND);
  say("node 1");
  say("5, 10.0.2.15");
  expect((await node)[1]).toBe("15");
});

test("expect() sees a prompt that no line end follows", async () => {
  const { console, say } = createConsole();
  say("/ # ");
  expect((await console.expect("/ # ", A_SECOND))[0]).toBe("/ # ");
});

test("expect() fails at once on a kernel panic, with its line", async () => {
  const { console, say } = createConsole();
  const promise = console.expect("configured", { within: 1e6 });
  say("[ 1.0] Kernel panic - not syncing: VFS: Unable to mount root\n");
  await expect(promise).rejects.toThrow("Kernel panic - not syncing: VFS: Unable to mount root");
});

test("expect() fails at once when the machine is gone, and says why", async () => {
  const { console } = createConsole();
  console.end("QEMU ended with 1: no such device");
  await expect(console.expect("configured", A_SECOND)).rejects.toThrow("QEMU ended with 1: no such device");
});

test("a failed expect() shows the last 40 lines and the command", async () => {
  const { console, say } = createConsole();
  for (let line = 1; line <= 60; line++) say(`line ${line}\n`);
  const error = await console.expect("never", A_SECOND).catch((thrown: Error) => thrown);
  const message = (error as Error).message;
  expect(message).not.toContain("line 20\n");
  expect(message).toContain("line 22\n");
  expect(message).toContain("line 60\n");
  expect(message).toEndWith("qemu-system-x86_64 -m 512");
});

test("timeOf() is the time of the first line that matches, undefined before it is whole", () => {
  const { console, say } = createConsole();
  say("configured");
  expect(console.timeOf(/configured/)).toBeUndefined();
  say("\n");
  expect(console.timeOf(/configured/)).toBeGreaterThanOrEqual(0);
});
