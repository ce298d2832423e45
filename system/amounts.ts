/** Amounts as people read them. */

/** "2 d 3 h", "13 min 4 s": the two largest units of a number of seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3_600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

const GIGABYTE = 2 ** 30;

/** "81 of 225 MB"; in a table `largest` is the largest total of the column, so that the column has one unit. */
export function formatMemory(used: number, total: number, largest = total): string {
  const unit =
    largest >= 10 * GIGABYTE
      ? { size: GIGABYTE, name: "GB", digits: largest < 1_000 * GIGABYTE ? 1 : 0 }
      : { size: 2 ** 20, name: "MB", digits: 0 };
  return `${(used / unit.size).toFixed(unit.digits)} of ${(total / unit.size).toFixed(unit.digits)} ${unit.name}`;
}

/** "37 %". */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}
