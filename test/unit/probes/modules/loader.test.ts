import { afterEach, describe, expect, jest, test } from "bun:test";
import { createModuleLoader, MODULE_LIMIT_MILLISECONDS } from "../../../../probes/modules/loader.ts";
import { FakeChildren, FakeLog, settle } from "../../../lib/fake-kernel.ts";

afterEach(() => void jest.useRealTimers());

const insertion = (module: string) => ["/usr/lib/clump/insert", module, `/lib/modules/${module}.ko`];

function bench(blacklist: readonly string[] = []) {
  const [children, log] = [new FakeChildren(), new FakeLog()];
  return { children, log, loader: createModuleLoader({ children, log, insertion, blacklist }) };
}

describe("load()", () => {
  test("loads a module by the program that is to insert it", async () => {
    const { children, loader, log } = bench();
    const load = loader.load("e1000");
    expect(loader.states.get("e1000")).toBe("loading");
    expect(children.all[0]?.command).toEqual(insertion("e1000"));
    expect(children.all[0]?.options.yields).toBe(false);
    children.all[0]?.finish(0);
    expect(await load).toBe("loaded");
    expect([loader.states.get("e1000"), log.lines]).toEqual(["loaded", []]);
  });

  test("waits for files that have to be brought, and tries again where they did not come", async () => {
    const [children, log] = [new FakeChildren(), new FakeLog()];
    const comes = [Promise.reject(new Error("no server")), Promise.resolve()];
    const bring = (module: string) => (module === "mlx5_core" ? comes.shift() : undefined);
    const loader = createModuleLoader({ children, log, insertion, blacklist: [], bring });
    expect(await loader.load("mlx5_core")).toBe("failed");
    expect(log.lines).toEqual(["warn: Cannot load driver mlx5_core: no server, skipping"]);
    const load = loader.load("mlx5_core");
    expect(children.all).toEqual([]);
    await settle();
    children.all[0]?.finish(0);
    expect([await load, loader.states.get("mlx5_core")]).toEqual(["loaded", "loaded"]);
  });

  test("loads it once, whoever asks and however it is spelled", async () => {
    const { children, loader } = bench();
    const loads = [loader.load("virtio-net"), loader.load("virtio_net")];
    children.all[0]?.finish(0);
    expect(await Promise.all([...loads, loader.load("virtio-net")])).toEqual(["loaded", "loaded", "loaded"]);
    expect(children.all).toHaveLength(1);
  });

  test("lets all others go first where that is asked", () => {
    const { children, loader } = bench();
    void loader.load("ahci", { yields: true });
    expect(children.all[0]?.options.yields).toBe(true);
  });

  test("loads several side by side", () => {
    const { children, loader } = bench();
    for (const name of ["a", "b", "c"]) void loader.load(name);
    expect(children.all).toHaveLength(3);
  });

  test.each(["snd_pcm", "snd-pcm"])("leaves out what is blacklisted as %s", async (name) => {
    const { children, loader } = bench([name]);
    expect([await loader.load("snd-pcm"), await loader.load("snd_pcm")]).toEqual([
      "blacklisted",
      "blacklisted",
    ]);
    expect([children.all, loader.states.get("snd_pcm")]).toEqual([[], "blacklisted"]);
  });

  test.each<[number | "SIGSEGV", string, string]>([
    [
      1,
      "modprobe: ERROR: could not insert 'x': No such device\n",
      "modprobe: ERROR: could not insert 'x': No such device",
    ],
    [1, "", "modprobe gave no reason"],
    ["SIGSEGV", "", "modprobe gave no reason"],
  ])("logs a failure once with its reason", async (how, said, words) => {
    const { children, loader, log } = bench();
    children.onSpawn = (child) => {
      child.said = said;
      child.finish(how);
    };
    expect([await loader.load("x"), await loader.load("x")]).toEqual(["failed", "failed"]);
    expect(log.lines).toEqual([`warn: Cannot load driver x: ${words}, skipping`]);
  });

  test("does not throw where modprobe cannot be started", async () => {
    const { children, loader, log } = bench();
    children.onSpawn = () => {
      throw new Error("no modprobe");
    };
    expect(await loader.load("x")).toBe("failed");
    expect(log.lines).toEqual(["warn: Cannot load driver x: no modprobe, skipping"]);
  });

  test.each<[string, number, "loaded" | "failed", string[]]>([
    ["is in", 0, "loaded", []],
    ["fails", 1, "failed", ["warn: Cannot load driver slow: modprobe gave no reason, skipping"]],
  ])(
    "is done after 30 s with one that hangs, and knows when it %s at last",
    async (_, status, state, lines) => {
      jest.useFakeTimers();
      const { children, loader, log } = bench();
      const load = loader.load("slow");
      jest.advanceTimersByTime(MODULE_LIMIT_MILLISECONDS);
      expect([await load, loader.states.get("slow")]).toEqual(["late", "late"]);
      expect(log.lines).toEqual(["warn: driver slow is still loading after 30 s, going on without it"]);
      children.all[0]?.finish(status);
      await settle();
      expect(loader.states.get("slow")).toBe(state);
      expect(log.lines.slice(1)).toEqual(lines);
    },
  );

  test("leaves no timer behind", async () => {
    jest.useFakeTimers();
    const { children, loader } = bench();
    children.onSpawn = (child) => child.finish(0);
    await loader.load("quick");
    expect(jest.getTimerCount()).toBe(0);
  });
});
