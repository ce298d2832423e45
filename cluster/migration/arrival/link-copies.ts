/** The copies of memory that came while the process ran, in a folder of images. */

import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { BEFORE_LINK, copyFolder } from "../criu.ts";

/** Lets criu(8) find what a dump leaves out in the last copy, and what a copy leaves out in the copy before. */
export function linkCopies(images: string): void {
  const there = (copy: number) => existsSync(join(images, copyFolder(copy)));
  for (let copy = 1; there(copy); copy++)
    if (there(copy + 1))
      symlinkSync(join("..", copyFolder(copy)), join(images, copyFolder(copy + 1), BEFORE_LINK));
    else symlinkSync(copyFolder(copy), join(images, BEFORE_LINK));
}
