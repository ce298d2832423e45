const PATIENCE_MILLISECONDS = 60_000;

/** Waits until it is so; gives the seconds it took. @throws Error */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = PATIENCE_MILLISECONDS,
): Promise<number> {
  const started = performance.now();
  while (!(await isSo())) {
    if (performance.now() - started > milliseconds) throw new Error(`Cannot see ${what}`);
    await Bun.sleep(100);
  }
  return (performance.now() - started) / 1_000;
}
