/** Lays the desktop out apart from the rest of the system, which gets links to it. */

import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../build/project.ts";
import { DESKTOP, DESKTOP_FILES, OWN_DESKTOP_FILES } from "./desktop.ts";
import { copyInto, linkInto } from "./place.ts";
import { takeFiles } from "./userland.ts";

/**
 * Puts what only the desktop needs into `target`/desktop, and a link to where it will be for each file into
 * `target`/usr, which has all else already. Returns the names of the packages it took from. @throws Error
 */
export function takeDesktop(target: string, packages: ReadonlyMap<string, string>): Set<string> {
  const whole = join(target, "whole");
  const apart = join(target, "desktop");
  const taken = takeFiles(whole, DESKTOP_FILES, { packages, executables: [] });
  for (const path of filesBelow(join(whole, "usr")))
    if (existsSync(join(target, "usr", path))) rmSync(join(whole, "usr", path));
  renameSync(join(whole, "usr"), apart);
  rmSync(whole, { recursive: true });
  for (const [name, path] of Object.entries(OWN_DESKTOP_FILES))
    copyInto(apart, path, join(ROOT, "assets/rootfs/desktop", name));
  for (const path of filesBelow(apart).filter((path) => path.includes("/")))
    linkInto(target, join("usr", path), join(DESKTOP, path));
  return taken;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
