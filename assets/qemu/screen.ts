/** The text on the VGA screen of a virtual machine. */

import type { Qmp } from "./qmp.ts";

/** The text memory of a VGA card: 32 KiB of character and attribute pairs. */
const TEXT_MEMORY = "/32768bx 0xb8000";

/**
 * Every character the card holds, what has scrolled off the screen included, as one string.
 * Bytes outside ASCII come as "?".
 */
export async function screenText(qmp: Qmp): Promise<string> {
  const dump = String(await qmp.execute("human-monitor-command", { "command-line": `xp ${TEXT_MEMORY}` }));
  const bytes = [...dump.matchAll(/0x([0-9a-f]{2})\b/g)].map(([, hex]) => Number.parseInt(hex ?? "0", 16));
  const characters = bytes.filter((_, index) => index % 2 === 0);
  return characters.map((code) => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "?")).join("");
}
