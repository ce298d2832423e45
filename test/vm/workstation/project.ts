/** A small C project of an ordinary user of the workstation. */

import type { Vm } from "../../../assets/qemu/vm.ts";
import { busySource } from "../../jobs/busy-source.ts";
import { output } from "../../lib/shell.ts";

/** An emulated processor compiles so many for some seconds, which is longer than a process runs before it moves. */
const FUNCTIONS = 20;
/** The name of a source is in its object: each of the sources, which are the same, has a folder of its own. */
const FOLDERS = [0, 1, 2, 3, 4];
const OBJECTS = FOLDERS.map((folder) => `${folder}/f.o`);
const LOG = "/home/u/make.log";
/** Four compilers, emulated beside other machines. */
const MAKES = { within: 240 };

/** What lies below /srv. */
export const PROJECT_FILES = {
  "f.c": busySource(FUNCTIONS),
  Makefile: `all: ${OBJECTS.join(" ")}\n%/f.o: %/f.c\n\tcd $* && gcc -O2 -c f.c\n`,
};

/** Lays the project out in the user's home. */
export async function layOutProject(desk: Vm): Promise<void> {
  const each = FOLDERS.map((folder) => `rm -rf ${folder} && mkdir ${folder} && cp /srv/f.c ${folder}`);
  await output(desk, `su - u -c '${["cp /srv/Makefile .", ...each].join(" && ")}'`);
}

/** Has the user call make with these words; gives the seconds that it took. */
export async function make(desk: Vm, words: string): Promise<number> {
  const start = performance.now();
  await output(desk, `su - u -c 'make ${words}' </dev/null >${LOG} 2>&1 || (cat ${LOG}; false)`, MAKES);
  return (performance.now() - start) / 1000;
}

/** The sums of all objects, each sum once. */
export async function differentObjects(desk: Vm): Promise<string[]> {
  const said = await output(desk, `(cd /home/u && sha256sum ${OBJECTS.join(" ")})`);
  const sums = [...said.matchAll(/^([0-9a-f]{64}) /gm)].map(([, sum = ""]) => sum);
  if (sums.length !== OBJECTS.length) throw new Error(`Cannot find the objects of make:\n${said}`);
  return [...new Set(sums)];
}
