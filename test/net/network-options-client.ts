/**
 * The network of a node on real interfaces, as words of a kernel command line ask for it: what it becomes is said on
 * standard error, one JSON line at each change. The first argument is a folder that says which interfaces are hardware.
 */

import { startNetwork } from "../../probes/network.ts";
import { createLayout } from "../../probes/network-options/layout.ts";
import { readNetworkOptions } from "../../probes/network-options/options.ts";
import { OwnChildren } from "../../system/children.ts";
import { linux } from "../../system/kernel/linux.ts";
import { createTerminalLog } from "../../system/log.ts";

const [root = "", ...words] = process.argv.slice(2);
const signal = AbortSignal.timeout(120_000);
const options = readNetworkOptions(words);
for (const complaint of options.complaints) console.error(complaint);

const machine = {
  ...{ root, kernel: linux, children: new OwnChildren(linux) },
  log: { ...createTerminalLog("test"), open: () => {} },
};
// All drivers of a namespace are in; the interfaces are looked at before anything is said to be missing.
const settled = new Promise((resolve) => setTimeout(resolve, 1_000));
const plan = createLayout(machine, options, { preferred: [], settled, signal });
startNetwork(machine, {
  plan,
  signal,
  changed() {},
  refreshed(probe) {
    const nics = probe.nics().map(({ link, text, lease }) => ({ name: link.name, text, lease }));
    console.error(`network ${JSON.stringify({ nics, problems: probe.problems() })}`);
  },
});
