import { describe, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { describeEnd, OwnChildren } from "../../../system/children.ts";
import { FakeKernel } from "../../lib/fake-kernel.ts";

function bench() {
  const kernel = new FakeKernel();
  return { kernel, children: new OwnChildren(kernel) };
}

describe("spawn()", () => {
  test.each([
    ["/bin/true", 0],
    ["/bin/false", 1],
  ])("gives the status of %s", async (program, status) => {
    expect(await bench().children.spawn([program]).ended).toEqual({ status, signal: undefined });
  });

  test("passes arguments and adds to the environment", async () => {
    const command = [
      "/bin/sh",
      "-c",
      'test "$1" = "a b" && test "$OWN" = yes && test -n "$PATH"',
      "sh",
      "a b",
    ];
    expect((await bench().children.spawn(command, { environment: { OWN: "yes" } }).ended).status).toBe(0);
  });

  test("has programs of the same runtime do without its compiler", async () => {
    const command = ["/bin/sh", "-c", 'test "$BUN_JSC_useJIT" = 0'];
    expect((await bench().children.spawn(command).ended).status).toBe(0);
  });

  test.each(["SIGTERM", "SIGKILL", "SIGHUP"] as const)("kills by %s and says so", async (signal) => {
    const child = bench().children.spawn(["/bin/sleep", "20"]);
    child.kill(signal);
    expect(await child.ended).toEqual({ status: undefined, signal });
  });

  test("captures what it says on standard error where that is wanted", async () => {
    const { children } = bench();
    const command = ["/bin/sh", "-c", "echo out; echo why >&2; exit 3"];
    const child = children.spawn(command, { errors: "captured" });
    expect([await child.errors(), (await child.ended).status]).toEqual(["why\n", 3]);
    expect(await children.spawn(command).errors()).toBe("");
  });

  test("captures it of many at once, each its own, and leaves neither file nor descriptor", async () => {
    const own = `clump-${process.pid}-`;
    const open = () => readdirSync("/proc/self/fd").map((fd) => readLink(`/proc/self/fd/${fd}`));
    const left = () => [...open(), ...readdirSync(tmpdir())].filter((name) => name.includes(own));
    const { children } = bench();
    const all = ["a", "b", "c", "d"].map((word) =>
      children.spawn(["/bin/sh", "-c", `echo ${word} >&2`], { errors: "captured" }),
    );
    expect(await Promise.all(all.map((child) => child.errors()))).toEqual(["a\n", "b\n", "c\n", "d\n"]);
    expect(() => children.spawn(["/no/such/program"], { errors: "captured" })).toThrow();
    expect(left()).toEqual([]);
  });

  test("captures no more than the first 64 KiB of one that does not stop complaining", async () => {
    const command = ["/bin/sh", "-c", "head -c 200000 /dev/zero | tr '\\0' x >&2"];
    const said = await bench().children.spawn(command, { errors: "captured" }).errors();
    expect(said).toBe("x".repeat(65_536));
  });

  test.each([
    [false, getPriority()],
    [true, 19],
  ])("starts one that yields (%p) with its priority", async (yields, priority) => {
    const child = bench().children.spawn(["/bin/sleep", "20"], { yields });
    expect(getPriority(child.pid)).toBe(priority);
    child.kill("SIGKILL");
    await child.ended;
  });

  test("throws where there is no such program", () => {
    expect(() => bench().children.spawn(["/no/such/program"])).toThrow("/no/such/program");
  });
});

/** Empty for a descriptor that has been closed meanwhile. */
function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

describe("reapOrphans()", () => {
  test("collects every ended orphan in order", () => {
    const { kernel, children } = bench();
    kernel.ended.push(41, 42, 43);
    children.reapOrphans();
    expect(kernel.calls).toEqual(["reap 41", "reap 42", "reap 43"]);
  });

  test("leaves a child of ours alone, and collects what stood behind it once it has ended", async () => {
    const { kernel, children } = bench();
    const child = children.spawn(["/bin/true"]);
    kernel.ended.push(41, child.pid, 43);
    children.reapOrphans();
    expect(kernel.calls).toEqual(["reap 41"]);
    kernel.ended.shift();
    await child.ended;
    expect(kernel.calls).toEqual(["reap 41", "reap 43"]);
  });

  test("does nothing where nobody has ended", () => {
    const { kernel, children } = bench();
    children.reapOrphans();
    expect(kernel.calls).toEqual([]);
  });
});

test("describeEnd() names the status or the signal", () => {
  expect(describeEnd({ status: 1, signal: undefined })).toBe("status 1");
  expect(describeEnd({ status: undefined, signal: "SIGKILL" })).toBe("signal SIGKILL");
});
