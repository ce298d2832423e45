/** By which program a module gets into the kernel: by ours, which is small, or by kmod's modprobe(8), which knows more. */

import { listOptional, readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";

/** Inserts files in order, and starts modprobe where one of them is refused: assets/insert/insert.c. */
const INSERT = "/usr/lib/clump/insert";

/** Where a person may have told modprobe of options and commands for modules; modprobe.d(5). */
const CONFIGURATIONS = ["/etc/modprobe.d", "/run/modprobe.d"];

/** Gives the command that inserts a module and all that it depends on. */
export type Insertion = (module: string) => readonly string[];

/**
 * The image's list `folder`/modules.inserts has a line for each module: its name, and the files that modprobe would
 * insert. Of a module with parameters only modprobe knows what to do.
 */
export function createInsertion(root: string, folder: string): Insertion {
  const list = `\n${readOptional(`${root}${folder}/modules.inserts`) ?? ""}`;
  const parameters = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  const withParameters = new Set(
    parameters.map((parameter) => canonical(/^[^.=]*(?=\.)/.exec(parameter)?.[0] ?? "")),
  );

  function filesOf(module: string): readonly string[] {
    const begin = list.indexOf(`\n${module} `) + 1;
    return begin === 0 ? [] : list.slice(begin, list.indexOf("\n", begin)).split(" ").slice(1);
  }

  return (module) => {
    const files = filesOf(module);
    const isPlain =
      files.length > 0 &&
      !files.some((file) => withParameters.has(moduleOf(file))) &&
      !CONFIGURATIONS.some((path) => listOptional(root + path).length > 0);
    return isPlain
      ? [INSERT, module, ...files.map((file) => `${folder}/${file}`)]
      : ["/usr/sbin/modprobe", "--use-blacklist", module];
  };
}

function moduleOf(file: string): string {
  return canonical(file.slice(file.lastIndexOf("/") + 1).replace(/\.ko$/, ""));
}

/** The kernel takes `-` and `_` in module names as the same; modprobe(8). */
export function canonical(module: string): string {
  return module.replaceAll("-", "_");
}
