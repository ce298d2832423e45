/** Blocks in eighths for the virtual consoles, whose font has halves alone: graphs are four times as fine with them. */

import { writeFineConsoles } from "../../modes/terminal/fine-consoles.ts";
import type { BlockGlyph } from "../../system/kernel/kernel.ts";
import type { Machine } from "../../system/machine.ts";

/**
 * In place of corners of single and double lines (╞╟╧╨╤╥) that no screen of clump uses: the font gets no more glyphs,
 * because 512 would take half the colours, and a VGA card joins neighbours that are within 0xc0 and 0xdf alone.
 */
const BLOCKS: readonly BlockGlyph[] = [
  { character: "▁", place: 0xc6, filled: 1 / 8 },
  { character: "▂", place: 0xc7, filled: 2 / 8 },
  { character: "▃", place: 0xcf, filled: 3 / 8 },
  { character: "▅", place: 0xd0, filled: 5 / 8 },
  { character: "▆", place: 0xd1, filled: 6 / 8 },
  { character: "▇", place: 0xd2, filled: 7 / 8 },
];

/** Gives those of these consoles that are virtual ones the blocks, and tells clumpview. @throws SyscallError */
export function drawConsoleBlocks({ kernel, root }: Machine, consoles: readonly string[]): void {
  const virtual = consoles.filter((path) => /^\/dev\/tty\d+$/.test(path));
  for (const path of virtual) kernel.addBlocks(path, BLOCKS);
  if (virtual.length > 0) writeFineConsoles(root, virtual);
}
