import { expect, test } from "bun:test";
import type { Vm } from "../../../assets/qemu/vm.ts";
import { BOOT, bootNode, CONFIGURED, ENTERED, SOON } from "../../lib/node.ts";
import { openShell, output } from "../../lib/shell.ts";

/** What the two nodes differ by is 11.5 MB: criu, and the rare drivers. Memory of one boot and the next differs by 1 MB. */
const LEAST_MEGABYTES = 8;

/** The archives that lie packed in memory. */
const packed = async (vm: Vm) =>
  (await output(vm, "cat /sys/block/loop*/loop/backing_file")).match(/[\w-]+(?=\.squashfs)/g);

const available = async (vm: Vm) =>
  Number(
    /\d+/.exec(await output(vm, "echo 3 >/proc/sys/vm/drop_caches; grep MemAvailable /proc/meminfo"))?.[0],
  ) / 1_024;

async function bootExpert(name: string, append: string, takesCards: boolean): Promise<Vm> {
  const vm = await bootNode({ name, append: `expert ${append}`, takesCards });
  await vm.console.expect(CONFIGURED, BOOT);
  await vm.console.expect(ENTERED, BOOT);
  await openShell(vm, SOON);
  // A daemon that still starts has not all of its memory.
  await output(vm, "until dmesg | grep 'clumpd is ready'; do usleep 300000; done");
  return vm;
}

test("what a node never needs again leaves its memory: the desktop, criu, and rare drivers where no card can come", async () => {
  const whole = await (async () => {
    await using vm = await bootExpert("memory-all", "clump.moves=open", true);
    await output(vm, "until dmesg | grep 'desktop: ok'; do usleep 300000; done");
    expect(await packed(vm)).toEqual(["clump", "moves", "rare-drivers"]);
    return await available(vm);
  })();
  await using vm = await bootExpert("memory-least", "", false);
  await output(vm, "until dmesg | grep 'rare drivers leave memory'; do usleep 300000; done", { within: 90 });
  expect(await packed(vm)).toEqual(["clump"]);
  const more = (await available(vm)) - whole;
  console.log(`${more.toFixed(1)} MB more are available`);
  expect(more).toBeGreaterThan(LEAST_MEGABYTES);
});
