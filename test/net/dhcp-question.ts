/** Asks once whether a DHCP server answers on the interface of the argument, and says which. */

import { findDhcpServer } from "../../init/station/dhcp-probe.ts";
import { linux } from "../../system/kernel/linux.ts";

const [name] = process.argv.slice(2);
const link = linux.network.links().find((each) => each.name === name);
if (link === undefined) throw new RangeError(`Cannot ask: there is no interface ${name}`);
console.log(`server: ${await findDhcpServer(linux.network, link)}`);
process.exit();
