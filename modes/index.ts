import { clumpos } from "./clumpos.ts";
import { expert } from "./expert.ts";
import type { Mode } from "./mode.ts";
import { novnc } from "./novnc.ts";
import { safe } from "./safe.ts";

/** Every mode by the name that `clump.mode=` and the boot prompt take; the only list of them. */
export const MODES = { clumpos, novnc, expert, safe } as const satisfies Record<string, Mode>;

export type ModeName = keyof typeof MODES;

export const DEFAULT_MODE: ModeName = "clumpos";

export function isModeName(text: string): text is ModeName {
  return Object.hasOwn(MODES, text);
}
