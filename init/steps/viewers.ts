import { admitViewers } from "../../modes/access/admission.ts";
import type { Mode } from "../../modes/mode.ts";
import type { Access, VncUse } from "../../system/state/access.ts";
import type { BootOptions } from "../options/boot-options.ts";

type ModeServices = Pick<Mode, "services">;

/** Whether anything of this node is shown to viewers from outside. */
export function hasViewers(mode: ModeServices, options: Pick<BootOptions, "vnc" | "web">): boolean {
  const showsWeb = mode.services.includes("clumpweb") && options.web !== undefined;
  return showsWeb || showsDesktop(mode, options);
}

/** Whether VNC shows a desktop. */
export function showsDesktop(mode: ModeServices, options: Pick<BootOptions, "vnc">): boolean {
  return vncOf(mode, options) !== undefined;
}

/** Writes how viewers from outside are let in. @throws the error of the file system */
export function letViewersIn(
  root: string,
  mode: ModeServices,
  options: Pick<BootOptions, "vnc" | "password">,
): Promise<Access> {
  return admitViewers(root, { password: options.password, vnc: vncOf(mode, options) });
}

function vncOf({ services }: ModeServices, { vnc }: Pick<BootOptions, "vnc">): VncUse | undefined {
  return services.includes("vnc") ? vnc : undefined;
}
