/** The program as it runs from a checkout. */

export const CLUMP = [process.execPath, "init/main.ts"];
export const INJECTOR = [...CLUMP, "clumpjobs", "--inject"];
