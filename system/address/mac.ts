/** "52:54:00:12:34:56" from six bytes. */
export function formatMac(address: Uint8Array): string {
  return [...address].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
