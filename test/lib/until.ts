import { timeFactor } from "../../assets/qemu/vm.ts";

export interface Patience {
  /** What is to be seen, for the error; default the text of the condition. */
  readonly what?: string;
  /** Seconds, default 60. */
  readonly within?: number;
  /** Milliseconds between two looks, default 100. */
  readonly look?: number;
}

/** Waits until it is so, of which no event tells; gives the seconds it took. @throws Error "Cannot see …" */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { what = String(isSo), within = 60, look = 100 }: Patience = {},
): Promise<number> {
  const started = performance.now();
  const limit = within * timeFactor();
  while (!(await isSo())) {
    if (performance.now() - started > 1_000 * limit) throw new Error(`Cannot see ${what} within ${limit} s`);
    await Bun.sleep(look);
  }
  return (performance.now() - started) / 1_000;
}
