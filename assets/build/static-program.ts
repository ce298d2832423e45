/** The small static program of assets/deputy and assets/files: its sources, and how it is compiled. */

import { readdirSync } from "node:fs";

const FOLDERS = ["assets/deputy", "assets/files"];

/** Paths from the folder of the project. */
export function listSources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".c"))
      .map((name) => `${folder}/${name}`),
  );
}

/** Options for every compiler. */
export const COMPILER_OPTIONS = [
  ...["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"],
  // musl comes without the headers of the kernel.
  ...["-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu"],
];

/** As in the image. */
export const STATIC_COMPILER = ["musl-gcc", "-static", "-Os", "-s"];
