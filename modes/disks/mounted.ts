import { mkdirSync } from "node:fs";
import { reason } from "../../system/log.ts";
import { applet, type RunTool } from "../../system/tool.ts";

const TOOL_LIMIT_MILLISECONDS = 30_000;

export interface MountOptions {
  readonly root: string;
  readonly run: RunTool;
  /** The mount point; it is created where it does not exist. */
  readonly folder: string;
  /** Options after `-o` of mount(8). */
  readonly options: string;
}

/** Mounts a device, calls `act`, unmounts the device. Returns the reason of a failure, undefined for success. */
export async function doMounted(
  device: string,
  { root, run, folder, options }: MountOptions,
  act: (folder: string) => void | Promise<void>,
): Promise<string | undefined> {
  const mountPoint = root + folder;
  mkdirSync(mountPoint, { recursive: true });
  const mounted = await run(applet("mount", "-o", options, device, mountPoint), TOOL_LIMIT_MILLISECONDS);
  if (!mounted.ok) return mounted.complaint.replace(/^mount: (mounting \S+ on \S+ failed: )?/, "");
  let refusal: string | undefined;
  try {
    await act(mountPoint);
  } catch (error) {
    refusal = reason(error);
  }
  const unmounted = await run(applet("umount", mountPoint), TOOL_LIMIT_MILLISECONDS);
  return refusal ?? (unmounted.ok ? undefined : unmounted.complaint);
}

/** Loads drivers of disks and file systems, which a node loads only on demand; modules that are absent are skipped. */
export async function loadModules(modules: readonly string[], run: RunTool): Promise<void> {
  for (const module of modules) await run(["/usr/sbin/modprobe", module], TOOL_LIMIT_MILLISECONDS);
}
