import { timeFactor } from "../../assets/qemu/vm.ts";

/** Looks twice a second: what another program has received gives no event. */
export async function until(condition: () => boolean, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * timeFactor() * 1000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Cannot see it happen within ${seconds} s`);
    await Bun.sleep(500);
  }
}
