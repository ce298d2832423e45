/** Hardware addresses of Ethernet: text as "52:54:00:12:34:56", or a number of 48 bits, of which 0 is no address. */

/** "52:54:00:12:34:56" from six bytes. */
export function formatMac(address: Uint8Array): string {
  return [...address].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** The number behind "52:54:00:12:34:56"; 0 for any other text. */
export function macNumber(text: string): number {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text.replaceAll(":", ""), 16) : 0;
}

/** The six bytes of a number. */
export function macBytes(mac: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, BigInt(mac));
  return new Uint8Array(bytes.buffer, 2);
}
