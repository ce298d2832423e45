/** Where the boot server of a node, or another server, has the tools. */

import { splitParameters } from "../../system/kernel-parameters.ts";
import { TOOLS_FILES, TOOLS_OPTION } from "../serve/tools-files.ts";

export const TOOLS_URL_WANTED = "a URL of http, https or tftp, without a user";

/** Parses the value of `clump.tools=`; undefined for an invalid value: /proc/cmdline shows no user and no password. */
export function parseToolsUrl(value: string): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url?.hostname !== "" && url?.username === "" && url.password === "";
  return isPlain && /^(https?|tftp):$/.test(url.protocol) ? url : undefined;
}

/**
 * Finds the URL on the kernel command line: the last valid `clump.tools=`, else TFTP of the server that the boot loader
 * named in `ip=CLIENT:SERVER:GATEWAY:MASK` (doc/syslinux.txt, SYSAPPEND).
 */
export function findToolsUrl(commandLine: string): URL | undefined {
  const words = splitParameters(commandLine);
  const given = words.filter((word) => word.startsWith(`${TOOLS_OPTION}=`));
  const url = given.flatMap((word) => parseToolsUrl(word.slice(TOOLS_OPTION.length + 1)) ?? []).at(-1);
  if (url !== undefined) return url;
  const server = words.flatMap((word) => /^ip=[\d.]+:([\d.]+):[\d.]*:[\d.]+$/.exec(word)?.[1] ?? []).at(-1);
  return server === undefined ? undefined : parseToolsUrl(`tftp://${server}/${TOOLS_FILES.medium}`);
}
