/** The imports of source files, read from their text. */

import { dirname, join } from "node:path/posix";

/** Path in the project → text. */
export type Files = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  /** A path in the project, or the name of a package. */
  readonly to: string;
}

/**
 * Static, type-only, side-effect and dynamic imports, and re-exports. The first group holds the module of a static
 * import, the second that of a dynamic import.
 */
export const IMPORTS =
  /(?:^|[^\w.])(?:import|export)\s(?:[^;"'`]*?\sfrom\s*)?\s*["']([^"']+)["']|(?:^|[^\w.])(?:import|require)\s*\(\s*["']([^"']+)["']/g;

export function findImports(files: Files): Import[] {
  return [...files].flatMap(([from, text]) =>
    [...text.matchAll(IMPORTS)].map(([, fixed, dynamic]) => {
      const target = fixed ?? dynamic!;
      return { from, to: target.startsWith(".") ? join(dirname(from), target) : target };
    }),
  );
}
