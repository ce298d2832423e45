/** One program under several names: what it does follows from the name it was called by. */

import { basename } from "node:path";
import { say } from "../system/output.ts";

const called = basename(process.argv0);
/** From a checkout the first word is the name: `bun init/main.ts clumpview --demo 100`. */
const [name = "", ...args] = [called, ...process.argv.slice(2)].slice(/^bun\b/.test(called) ? 1 : 0);

const IO = {
  root: "",
  stdout: (text: string) => say(1, text),
  stderr: (text: string) => say(2, text),
};

switch (name) {
  case "init":
    if (process.pid === 1) await (await import("./pid1.ts")).runPid1();
    else fail("Cannot boot: this is not process 1, which the kernel starts");
    break;
  case "clumpview":
  case "mosmon":
    process.exit(await (await import("../modes/clumpview/main.ts")).runClumpview(args));
    break;
  case "setpe": {
    const { createSetpeIo } = await import("../cluster/commands/setpe-command.ts");
    const { runSetpe } = await import("../cluster/commands/setpe.ts");
    process.exit(await runSetpe(args, createSetpeIo(name)));
    break;
  }
  case "clumpd":
    process.exit(await (await import("../cluster/daemon/main.ts")).runClumpd(args));
    break;
  case "clumpserve":
    process.exit(await (await import("../modes/serve/main.ts")).runClumpserve(args));
    break;
  case "clumpweb":
    process.exit(await (await import("../modes/web/main.ts")).runClumpweb(args));
    break;
  case "mosctl":
    process.exit(await (await import("../cluster/commands/mosctl.ts")).runMosctl(args, IO));
    break;
  case "showmap":
    process.exit(await (await import("../cluster/commands/showmap.ts")).runShowmap(args, IO));
    break;
  case "menu":
    process.exit(await (await import("../modes/menu/main.ts")).runMenu(IO));
    break;
  case "clump":
    process.exit(await runClump(args));
    break;
  default:
    fail(
      `Cannot run as "${name}": init, clump, clumpd, clumpserve, clumpview, clumpweb, menu, mosctl, setpe or showmap is wanted`,
    );
}

async function runClump([verb, ...words]: readonly string[]): Promise<number> {
  switch (verb) {
    case "report":
      return await (await import("../modes/report/command.ts")).runReport(words, IO);
    case "menu":
      return await (await import("../modes/menu/main.ts")).runMenu(IO);
    case "dhcp":
    case "nic":
    case "static":
    case "start":
    case "stop":
      return await (await import("../modes/menu/order-client.ts")).runOrder(args, IO);
    default:
      return (await import("../cluster/commands/clump-command.ts")).runClump(args, IO);
  }
}

function fail(message: string): never {
  process.stderr.write(`clump: ${message}\n`);
  process.exit(1);
}
