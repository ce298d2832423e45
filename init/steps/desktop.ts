/** The desktop, which the first stage leaves packed in a device of its own. */

import { describeEnd } from "../../system/children.ts";
import type { Machine } from "../../system/machine.ts";

const DEVICE = "/dev/loop1";

/** Frees the memory of the packed desktop in a mode without VNC. @throws Error */
export async function dropDesktop({ children }: Pick<Machine, "children">): Promise<void> {
  const child = children.spawn(["/usr/bin/losetup", "-d", DEVICE], { errors: "captured" });
  const end = await child.ended;
  if (end.status !== 0)
    throw new Error(
      `Cannot let go of ${DEVICE}: losetup ended with ${describeEnd(end)}: ${await child.errors()}`,
    );
}
