/** This release in one byte of the gossip: 7.0 is 0x70. */

import packageJson from "../../package.json";

export const RELEASE = byteOf(packageJson.version);

/** "7.0" from 0x70, and nothing from 0. */
export function releaseName(release: number): string {
  return release === 0 ? "" : `${release >> 4}.${release & 0xf}`;
}

function byteOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (Math.min(major, 15) << 4) | Math.min(minor, 15);
}
