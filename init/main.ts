/** One program under several names: what it does follows from the name it was called by. */

import { basename } from "node:path";

const name = basename(process.argv0);
const args = process.argv.slice(2);

switch (name) {
  case "init":
    if (process.pid === 1) await (await import("./pid1.ts")).runPid1();
    else fail("Cannot boot: this is not process 1, which the kernel starts");
    break;
  case "clumpview":
    process.exit(await (await import("../modes/clumpview/main.ts")).runClumpview(args));
    break;
  case "setpe": {
    const { createSetpeIo } = await import("../cluster/setpe-command.ts");
    const { runSetpe } = await import("../cluster/setpe.ts");
    process.exit(await runSetpe(args, createSetpeIo(name)));
    break;
  }
  default:
    fail(`Cannot run as "${name}": init, clumpview or setpe is wanted`);
}

function fail(message: string): never {
  process.stderr.write(`clump: ${message}\n`);
  process.exit(1);
}
