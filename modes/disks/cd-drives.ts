import { listOptional } from "../../system/files.ts";

export const CD_MODULES = ["sr_mod", "isofs"];

/** The CD drives, as "/dev/sr0". */
export function findCdDrives(root: string): string[] {
  const names = listOptional(`${root}/sys/class/block`).filter((name) => /^sr\d+$/.test(name));
  return names.sort().map((name) => `/dev/${name}`);
}
