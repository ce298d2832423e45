import { timeFactor } from "../../assets/qemu/vm.ts";

/** Looks twice a second: what another program has received gives no event. */
export async function until(condition: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * timeFactor() * 1000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Cannot see it happen within ${seconds} s`);
    await Bun.sleep(500);
  }
}
