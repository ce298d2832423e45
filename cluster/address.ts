/** IPv4 addresses as unsigned 32-bit numbers, so that node k of a range is start + k. */

/** "192.168.1.1" from 0xc0a80101. */
export function formatAddress(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

/** Whether a machine may have it: it is not of "this network", the loopback, a group or later (RFC 6890). */
export function isHostAddress(address: number): boolean {
  const first = address >>> 24;
  return first > 0 && first !== 127 && first < 224;
}

/** The number behind strictly dotted decimal, or nothing where the text is anything else. */
export function parseDottedAddress(text: string): number | undefined {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && !/(^|\.)0\d/.test(text) ? parseInetAddress(text) : undefined;
}

/** Every form inet_addr(3) knows: one to four parts, each decimal, octal (0…) or hexadecimal (0x…). */
export function parseInetAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  const last = parts.pop() ?? "";
  const lastBits = 8 * (4 - parts.length);
  let address = 0;
  for (const part of parts) {
    const octet = parseCNumber(part);
    if (octet === undefined || octet > 255) return undefined;
    address = address * 256 + octet;
  }
  const tail = parseCNumber(last);
  if (tail === undefined || tail >= 2 ** lastBits) return undefined;
  return address * 2 ** lastBits + tail;
}

function parseCNumber(text: string): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined;
}
