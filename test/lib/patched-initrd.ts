/** The built image with another first stage, to see what the node does when something is broken under it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCpio } from "../../assets/image/cpio.ts";
import { imageFiles } from "./node.ts";

const FIRST_STAGE = "assets/rootfs/first-stage.sh";

export interface PatchedInitrd extends Disposable {
  readonly path: string;
}

/** Of archives one after another the kernel unpacks all, the later over the earlier. @throws where nothing changes */
export function patchFirstStage(find: string, replacement: string): PatchedInitrd {
  const script = readFileSync(FIRST_STAGE, "utf8");
  if (!script.includes(find)) throw new Error(`Cannot patch the first stage: "${find}" is not in it`);
  const bytes = Buffer.from(script.replace(find, replacement));
  const image = readFileSync(imageFiles().initrd);
  const patch = encodeCpio([{ path: "init", type: "file", mode: 0o755, bytes }]);
  const folder = mkdtempSync(join(tmpdir(), "clump-initrd-"));
  const path = join(folder, "initrd");
  writeFileSync(path, Buffer.concat([image, patch]));
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
