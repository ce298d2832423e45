/** By which program a module gets into the kernel: by ours, which is small, or by kmod's modprobe(8), which knows more. */

import { listOptional, readOptional } from "../../system/files.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";

/** Inserts files in order, and starts modprobe where one of them is refused: assets/insert/insert.c. */
const INSERT = "/usr/lib/clump/insert";

/** Where a person may have told modprobe of options and commands for modules; modprobe.d(5). */
const CONFIGURATIONS = ["/etc/modprobe.d", "/run/modprobe.d"];

/** Gives the files of a module and of all that it depends on, below the folder of modules; none where that is not known. */
export type ModuleFiles = (module: string) => readonly string[];

/**
 * Reads the image's list `folder`/modules.inserts, which has a line for each module: its name, and the files that modprobe
 * would insert.
 */
export function listModuleFiles(root: string, folder: string): ModuleFiles {
  const list = `\n${readOptional(`${root}${folder}/modules.inserts`) ?? ""}`;
  return (module) => {
    const begin = list.indexOf(`\n${module} `) + 1;
    return begin === 0 ? [] : list.slice(begin, list.indexOf("\n", begin)).split(" ").slice(1);
  };
}

/** Gives the command that inserts a module and all that it depends on. */
export type Insertion = (module: string) => readonly string[];

/** Of a module with parameters only modprobe knows what to do. */
export function createInsertion(
  root: string,
  folder: string,
  filesOf: ModuleFiles = listModuleFiles(root, folder),
): Insertion {
  const parameters = splitParameters(readOptional(`${root}/proc/cmdline`) ?? "");
  const withParameters = new Set(
    parameters.map((parameter) => canonical(/^[^.=]*(?=\.)/.exec(parameter)?.[0] ?? "")),
  );

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
