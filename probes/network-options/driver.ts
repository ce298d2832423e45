import type { Children } from "../../system/children.ts";

/** A driver that takes longer is gone on without. */
const LIMIT_MILLISECONDS = 30_000;

/** Loads a driver that no device asks for, with its parameters; modprobe(8). @throws Error with modprobe's reason */
export async function loadDriver(
  children: Pick<Children, "spawn">,
  command: readonly string[],
): Promise<void> {
  const child = children.spawn(["/usr/sbin/modprobe", ...command], { errors: "captured" });
  const late = Promise.withResolvers<never>();
  const error = new Error(`still loading after ${LIMIT_MILLISECONDS / 1_000} s`);
  const timer = setTimeout(() => late.reject(error), LIMIT_MILLISECONDS);
  const { status } = await Promise.race([child.ended, late.promise]).finally(() => clearTimeout(timer));
  if (status !== 0) throw new Error((await child.errors()).trim() || "modprobe gave no reason");
}
