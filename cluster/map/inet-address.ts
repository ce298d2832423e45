/** The address behind every form inet_addr(3) knows: one to four parts, each decimal, octal (0…) or hexadecimal (0x…). */
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
