/** Firmware that a driver requested and the image does not hold; drivers/base/firmware_loader. */

const FAILED_LOAD = /Direct firmware load for (\S+) failed/g;

/** The names in kernel messages that say that firmware was not found, without repetition. */
export function findMissingFirmware(messages: string): string[] {
  return [...new Set([...messages.matchAll(FAILED_LOAD)].map(([, name]) => name!))];
}

/** Calls `missing` with each file of firmware that was not found, from boot on; ends with the stream. */
export async function watchFirmware(
  kmsg: ReadableStream<Uint8Array>,
  missing: (name: string) => void,
): Promise<void> {
  const seen = new Set<string>();
  for await (const bytes of kmsg) {
    for (const name of findMissingFirmware(new TextDecoder().decode(bytes))) {
      if (seen.has(name)) continue;
      seen.add(name);
      missing(name);
    }
  }
}
