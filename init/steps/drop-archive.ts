import { describeEnd } from "../../system/children.ts";
import type { Machine } from "../../system/machine.ts";

/** Frees the memory of the packed archive `name`, which no program can mount from then on. @throws Error */
export async function dropArchive({ children }: Pick<Machine, "children">, name: string): Promise<void> {
  const child = children.spawn(["/usr/lib/clump/archive", "drop", name], { errors: "captured" });
  const end = await child.ended;
  if (end.status !== 0)
    throw new Error(`Cannot drop ${name}: archive ended with ${describeEnd(end)}: ${await child.errors()}`);
}
