import { expect, test } from "bun:test";
import { OwnChildren } from "../../../system/children.ts";
import { linux } from "../../../system/kernel/linux.ts";
import { hearsReady, reportReady } from "../../../system/readiness.ts";

/** Runs a script with its descriptor for readiness as 3. */
function run(script: string, signal = new AbortController().signal) {
  const pipe = linux.pipe(signal);
  const child = new OwnChildren(linux).spawn(["/bin/sh", "-c", script], { descriptors: [pipe.writer] });
  pipe.closeWriter();
  return { child, reported: hearsReady(pipe.bytes) };
}

test("a child reports by a newline on descriptor 3 that it is ready, and goes on", async () => {
  const { child, reported } = run("echo >&3; exec 3>&-; exec sleep 60");
  expect(await reported).toBe(true);
  child.kill("SIGTERM");
  expect(await child.ended).toEqual({ status: undefined, signal: "SIGTERM" });
});

test.each(["exit 0", "printf starting >&3", "exec 3>&-; exit 1"])("%j reports nothing", async (script) => {
  const { child, reported } = run(script);
  expect(await reported).toBe(false);
  await child.ended;
});

test("what is not reported is waited for until the signal", async () => {
  const abort = new AbortController();
  const { child, reported } = run("exec sleep 60", abort.signal);
  abort.abort();
  expect(await reported).toBe(false);
  child.kill("SIGKILL");
  await child.ended;
});

test("reportReady() writes a newline and closes the descriptor", async () => {
  const { writer, bytes } = linux.pipe(new AbortController().signal);
  reportReady(writer);
  expect(await hearsReady(bytes)).toBe(true);
  expect(() => reportReady(writer)).toThrow(
    new RegExp(`^Cannot report on descriptor ${writer} that this daemon is ready: bad file descriptor`),
  );
});
