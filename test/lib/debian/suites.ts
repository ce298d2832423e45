/** Debian's releases, from the mirrors that this machine has for its own. */

import { debianSources } from "../../../assets/packages/apt.ts";
import type { Source } from "../../../assets/packages/sources.ts";

export const SUITES = ["bookworm", "trixie"] as const;
export type Suite = (typeof SUITES)[number];

/** A machine of another Debian has the same mirrors. @throws Error where it has none of Debian's */
export async function sourcesOf(wanted: Suite): Promise<Source[]> {
  const sources = await debianSources({ free: true });
  return sources.map((source) => ({
    ...source,
    suites: source.suites.map((suite) => suite.replace(/^[a-z]+/, wanted)),
  }));
}
