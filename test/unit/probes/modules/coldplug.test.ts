import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { parseAliases } from "../../../../probes/modules/alias.ts";
import { isKeyboardPath, startColdplug } from "../../../../probes/modules/coldplug.ts";
import type { LoadOptions, ModuleLoader, ModuleState } from "../../../../probes/modules/loader.ts";
import type { Uevent } from "../../../../system/kernel/kernel.ts";
import { E1000, KEYBOARD, MODULE_ALIASES, makeRoot, type Root, VIRTIO } from "../../../fixtures/root.ts";
import { FakeKernel, FakeLog, settle } from "../../../lib/fake-kernel.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A loader whose modules are in when the test says so. */
class FakeLoader implements ModuleLoader {
  readonly asked: string[] = [];
  /** Those that let all others go first. */
  readonly yielding: string[] = [];
  readonly states = new Map<string, ModuleState>();
  readonly #loads = new Map<string, PromiseWithResolvers<ModuleState>>();

  load(module: string, { yields = false }: LoadOptions = {}): Promise<ModuleState> {
    const load = this.#loads.get(module) ?? Promise.withResolvers<ModuleState>();
    if (!this.#loads.has(module)) this.asked.push(module);
    if (!this.#loads.has(module) && yields) this.yielding.push(module);
    this.#loads.set(module, load);
    return load.promise;
  }
  finish = (module: string): void => this.#loads.get(module)!.resolve("loaded");
}

function bench(root: Root, wanted: Parameters<typeof startColdplug>[0]["wanted"] = () => true) {
  const [kernel, loader, log] = [new FakeKernel(), new FakeLoader(), new FakeLog()];
  const { signal } = new AbortController();
  const aliases = parseAliases(MODULE_ALIASES);
  const coldplug = startColdplug({ root: root.path, kernel, aliases, loader, log, wanted, signal });
  return { kernel, loader, log, coldplug };
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  for (let waited = 0; waited < milliseconds; waited += 50) {
    jest.advanceTimersByTime(50);
    await settle();
  }
}

const uevent = (action: string, modalias?: string): Uevent => ({
  action,
  path: "/devices/x",
  env: new Map(modalias === undefined ? [] : [["MODALIAS", modalias]]),
});

const VIRTIO_NET = uevent("add", "virtio:d00000001v00001AF4");
const XHCI = {
  "/sys/bus/pci/devices/0000:00:05.0/modalias": "pci:v00001B36d0000000Dsv00001AF4sd00001100bc0Csc03i30\n",
};

const STICK = {
  "/sys/bus/usb/devices/1-1:1.0/modalias": "usb:v1645p0007d0100dc00dsc00dp00ic08isc06ip50in00\n",
};

describe("startColdplug()", () => {
  test("loads network adapters first, and all else once they are in; only what leads to a keyboard does not yield", async () => {
    using root = makeRoot({ ...E1000, ...KEYBOARD, ...XHCI, ...STICK });
    const { loader } = bench(root);
    await settle();
    expect(loader.asked).toEqual(["e1000"]);
    loader.finish("e1000");
    await pass(250);
    expect(loader.asked).toEqual(["e1000"]);
    await pass(50);
    expect(loader.asked.toSorted()).toEqual(["e1000", "serio_raw", "usb_storage", "xhci_pci"]);
    expect(loader.yielding).toEqual(["usb_storage"]);
  });

  test("gives a virtio adapter behind its bus the same start", async () => {
    using root = makeRoot({ ...VIRTIO, ...KEYBOARD });
    const { kernel, loader } = bench(root);
    await settle();
    expect(loader.asked).toEqual(["virtio_pci"]);
    loader.finish("virtio_pci");
    await settle();
    kernel.deviceEvents.push(VIRTIO_NET);
    await pass(400);
    expect(loader.asked).toEqual(["virtio_pci", "virtio_net"]);
    loader.finish("virtio_net");
    await pass(300);
    expect(loader.asked).toEqual(["virtio_pci", "virtio_net", "serio_raw"]);
  });

  test("does not wait longer than 1 s for an adapter that hangs", async () => {
    using root = makeRoot({ ...E1000, ...KEYBOARD });
    const { loader } = bench(root);
    await pass(950);
    expect(loader.asked).toEqual(["e1000"]);
    await pass(50);
    expect(loader.asked).toEqual(["e1000", "serio_raw"]);
  });

  test("loads the drivers of devices that appear later, and of no others", async () => {
    using root = makeRoot();
    const { kernel, loader } = bench(root);
    kernel.deviceEvents.push(uevent("remove", "fs-ext4"));
    kernel.deviceEvents.push(uevent("change", "fs-ext4"));
    kernel.deviceEvents.push(uevent("add"));
    kernel.deviceEvents.push(VIRTIO_NET);
    await settle();
    expect([loader.asked, loader.yielding]).toEqual([["virtio_net"], []]);
  });

  test("loads only what is wanted", async () => {
    using root = makeRoot({ ...E1000, ...KEYBOARD, ...XHCI });
    const { kernel, loader } = bench(root, isKeyboardPath);
    kernel.deviceEvents.push(VIRTIO_NET);
    await pass(50);
    expect(loader.asked.toSorted()).toEqual(["serio_raw", "xhci_pci"]);
  });

  test("says when it has lost events, and keeps what it has", async () => {
    using root = makeRoot(E1000);
    const { kernel, loader, log } = bench(root);
    kernel.deviceEvents.fail(new Error("ENOBUFS"));
    await settle();
    expect(log.lines).toEqual(["warn: Cannot follow device events: ENOBUFS, looking again"]);
    expect(loader.asked).toEqual(["e1000"]);
  });
});

describe("settled()", () => {
  function watch(promise: Promise<void>): () => boolean {
    let isDone = false;
    void promise.then(() => {
      isDone = true;
    });
    return () => isDone;
  }

  test("waits for the drivers, and for 300 ms without an event", async () => {
    using root = makeRoot(E1000);
    const { loader, coldplug } = bench(root);
    const isSettled = watch(coldplug.settled("everything"));
    await pass(1_000);
    expect(isSettled()).toBe(false);
    loader.finish("e1000");
    await pass(50);
    expect(isSettled()).toBe(true);
  });

  test("waits anew for a device that the first one shows", async () => {
    using root = makeRoot();
    const { kernel, loader, coldplug } = bench(root);
    const isSettled = watch(coldplug.settled("everything"));
    await pass(250);
    kernel.deviceEvents.push(VIRTIO_NET);
    await pass(1_000);
    expect(isSettled()).toBe(false);
    loader.finish("virtio_net");
    await pass(50);
    expect(isSettled()).toBe(true);
  });

  test("is quiet only 300 ms after the last event, even one without a driver", async () => {
    using root = makeRoot();
    const { kernel, coldplug } = bench(root);
    const isSettled = watch(coldplug.settled("everything"));
    await pass(250);
    kernel.deviceEvents.push(uevent("change"));
    await pass(250);
    expect(isSettled()).toBe(false);
    await pass(100);
    expect(isSettled()).toBe(true);
  });

  test("of keyboards does not wait for other drivers", async () => {
    using root = makeRoot({ ...E1000, ...KEYBOARD });
    const { loader, coldplug } = bench(root);
    const [keyboards, everything] = [
      watch(coldplug.settled("keyboards")),
      watch(coldplug.settled("everything")),
    ];
    await pass(1_100);
    expect(keyboards()).toBe(false);
    loader.finish("serio_raw");
    await pass(350);
    expect([keyboards(), everything()]).toEqual([true, false]);
  });
});

test.each([
  ["serio:ty06pr00id00ex00", true],
  ["input:b0011v0001p0001eAB41-e0,1,4,11,14,k71", true],
  ["hid:b0003g0001v00000627p00000001", true],
  ["pci:v00008086d00007020sv00001AF4sd00001100bc0Csc03i00", true],
  ["pci:v00001B36d0000000Dsv00001AF4sd00001100bc0Csc03i30", true],
  ["usb:v0627p0001d0000dc00dsc00dp00ic03isc01ip01in00", true],
  ["usb:v1D6Bp0002d0601dc09dsc00dp00ic09isc00ip00in00", true],
  ["acpi:PNP0303:", true],
  ["pnp:dPNP0303", true],
  ["platform:i8042", true],
  ["vmbus:6dad12f9172bea48bd65f927a61c7684", true],
  ["pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", false],
  ["usb:v0525pA4A2d0000dc02dsc00dp00ic02isc02ipFFin00", false],
  ["acpi:PNP0C0C:", false],
  ["virtio:d00000001v00001AF4", false],
  ["usb:v0781p5567d0100dc00dsc00dp00ic08isc06ip50in00", false],
])("isKeyboardPath() of %s: %p", (modalias, isKeyboard) => {
  expect(isKeyboardPath({ path: "", modalias })).toBe(isKeyboard);
});
