import { readOptional } from "../../system/files.ts";
import { RARE_DRIVERS_FILES } from "./rare-drivers-files.ts";

/** What the image knows of its archive. @throws Error where the image has none */
export function readSum(root: string): { readonly sha256: string; readonly bytes: number } {
  const text = readOptional(root + RARE_DRIVERS_FILES.sum) ?? "";
  const [, sha256, bytes] = /^([0-9a-f]{64}) (\d+)\n$/.exec(text) ?? [];
  if (sha256 !== undefined) return { sha256, bytes: Number(bytes) };
  throw new Error(`this image has no rare drivers, and ${RARE_DRIVERS_FILES.sum} was wanted`);
}
