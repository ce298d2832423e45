import { findToolsUrl } from "../tools/tools-url.ts";

/**
 * The initramfs of the boot server: beside the toolbox, which the server's menus name on the kernel command line. Undefined
 * for TFTP, which gives no part of a file.
 */
export function findInitramfsUrl(commandLine: string): URL | undefined {
  const tools = findToolsUrl(commandLine);
  return tools && /^https?:$/.test(tools.protocol) ? new URL("initramfs.img", tools) : undefined;
}
