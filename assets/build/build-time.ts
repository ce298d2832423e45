/** The time that every built file carries: reproducible-builds.org/specs/source-date-epoch. */

/** The largest time that the headers of cpio and squashfs hold. */
const MOST_SECONDS = 0xffff_ffff;

/** Seconds since 1970 for every built file: SOURCE_DATE_EPOCH, default 0. @throws RangeError */
export function buildTime(): number {
  const text = process.env["SOURCE_DATE_EPOCH"] || "0";
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= MOST_SECONDS) return seconds;
  throw new RangeError(
    `Cannot use SOURCE_DATE_EPOCH=${text}: whole seconds since 1970, to ${MOST_SECONDS}, were wanted`,
  );
}
