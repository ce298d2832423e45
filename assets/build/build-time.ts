/** The time of all that is built: reproducible-builds.org/specs/source-date-epoch. */

/** Of cpio's header and of squashfs. */
const MOST_SECONDS = 0xffff_ffff;

/** Seconds since 1970 that every file of what is built gets: SOURCE_DATE_EPOCH, or 0. @throws RangeError */
export function buildTime(): number {
  const text = process.env["SOURCE_DATE_EPOCH"] || "0";
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= MOST_SECONDS) return seconds;
  throw new RangeError(
    `Cannot use SOURCE_DATE_EPOCH=${text}: whole seconds since 1970, to ${MOST_SECONDS}, were wanted`,
  );
}
