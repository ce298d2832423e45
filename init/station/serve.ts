/** The command `clump serve`: the other PCs of a network boot from this workstation, with its key. */

import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { askJobs } from "../../cluster/jobs/request.ts";
import type { InterfaceOptions } from "../../modes/serve/options.ts";
import { BOOT_FOLDER, nodesOf } from "../../modes/serve/workstation.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { readOptional } from "../../system/files.ts";
import type { Network } from "../../system/kernel/kernel.ts";
import { reason } from "../../system/log.ts";
import { readStatus } from "../../system/state/node-status.ts";
import { type AskJobs, sendAllHome } from "../end/send-all-home.ts";
import { CONF_PATH, parseConf } from "./clump-conf.ts";
import { findDhcpServer } from "./dhcp-probe.ts";
import { SERVE_HELP } from "./help.ts";
import { readKeyText } from "./key.ts";
import { findOwnNic } from "./own-nic.ts";
import { findOwnNetwork, poolBeside } from "./serve-plan.ts";
import { describeServed, parseServeWords, type ServeWords } from "./serve-words.ts";
import { readServed, withServedNic, writeServed } from "./served.ts";
import { MACHINE, needRoot, needSystemd, SERVE_UNIT, systemctl, type Workstation } from "./workstation.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Of Debian's dnsmasq-base; a merged /usr has it on other distributions too. */
const DNSMASQ = ["/usr/sbin/dnsmasq", "/usr/bin/dnsmasq"];

/** What the command asks beside systemd; tests put others in their place. */
export interface ServeMachine extends Workstation {
  readonly interfaces: typeof networkInterfaces;
  readonly network: () => Promise<Pick<Network, "links" | "openPacketSocket">>;
  readonly ask: AskJobs;
}

const THIS: ServeMachine = {
  ...MACHINE,
  interfaces: networkInterfaces,
  network: async () => (await import("../../system/kernel/linux-network.ts")).linuxNetwork,
  ask: askJobs,
};

/** Runs `clump serve` with the words after it. Returns the exit code. */
export async function runServe(
  words: readonly string[],
  io: CommandIo,
  machine: ServeMachine = THIS,
): Promise<number> {
  if (asksForHelp(words)) {
    io.stdout(formatHelp(SERVE_HELP));
    return EXIT.ok;
  }
  let wanted: ServeWords;
  try {
    wanted = parseServeWords(words);
  } catch (error) {
    io.stderr(formatRefusal(SERVE_HELP, reason(error)));
    return EXIT.usage;
  }
  try {
    if (wanted === "status") return await show(io, machine);
    needRoot("serve", machine);
    needSystemd("serve", machine);
    if (wanted === "off") await end(io, machine);
    else await begin(wanted, io, machine);
    return EXIT.ok;
  } catch (error) {
    io.stderr(`clump: ${reason(error)}\n`);
    return EXIT.failed;
  }
}

async function show({ root, stdout }: CommandIo, { systemctl: ask }: ServeMachine): Promise<number> {
  const served = readServed(root);
  if (served === undefined) stdout("This workstation boots no other PCs.\n");
  else if ((await ask("is-active", "--quiet", SERVE_UNIT)).ok) stdout(describeServed(served));
  else throw new Error(`${SERVE_UNIT} does not run, and journalctl -u clumpserve says why`);
  return EXIT.ok;
}

async function end({ root, stdout }: CommandIo, machine: ServeMachine): Promise<void> {
  await systemctl(machine, "disable", "--quiet", "--now", SERVE_UNIT);
  writeServed(root, undefined);
  await followServed(root, machine);
  stdout("This workstation boots no other PCs any more.\n");
}

async function begin(
  wanted: Exclude<ServeWords, string>,
  { root, stdout }: CommandIo,
  machine: ServeMachine,
): Promise<void> {
  checkFiles(root);
  checkKey(root, wanted);
  const own = findOwnNetwork(wanted.interface, machine.interfaces());
  const options = wanted.pool === undefined ? await choosePool(wanted, own, machine) : wanted;
  writeServed(root, options);
  try {
    await systemctl(machine, "enable", "--quiet", SERVE_UNIT);
    await followServed(root, machine);
    await systemctl(machine, "restart", SERVE_UNIT);
  } catch (error) {
    await machine.systemctl("disable", "--quiet", "--now", SERVE_UNIT);
    writeServed(root, undefined);
    throw new Error(`${reason(error)}; journalctl -u clumpserve says why`);
  }
  stdout(describeServed(options));
}

/** @throws Error that says what was wanted */
function checkFiles(root: string): void {
  if (!DNSMASQ.some((path) => existsSync(root + path)))
    throw new Error("Cannot serve: dnsmasq(8) is missing, and apt install dnsmasq-base was wanted");
  if (!existsSync(`${root}${BOOT_FOLDER}/clump/vmlinuz`))
    throw new Error(`Cannot serve: this package has no ${BOOT_FOLDER}, and one from npm run deb was wanted`);
}

/** @throws Error that says what was wanted */
function checkKey(root: string, { handsOutKey }: Pick<InterfaceOptions, "handsOutKey">): void {
  if (!handsOutKey) return;
  const key = readKeyText(root);
  if (key === undefined)
    throw new Error("Cannot serve: this workstation has no cluster key, and clump join was wanted first");
  try {
    nodesOf(key, "");
  } catch {
    throw new Error(
      "Cannot serve: boot loaders take keys of letters, digits and .,:=/@%+- alone; clump key new makes one",
    );
  }
}

/** Decided once, while root looks on: after a power cut a DHCP server may come up later than this workstation. */
async function choosePool(
  wanted: InterfaceOptions,
  own: ReturnType<typeof findOwnNetwork>,
  machine: ServeMachine,
): Promise<InterfaceOptions> {
  const network = await machine.network();
  const link = network.links().find(({ name }) => name === wanted.interface);
  if (link?.carrier !== true)
    throw new Error(`Cannot serve on ${wanted.interface}: it has no carrier, and a cable was wanted`);
  if ((await findDhcpServer(network, link)) !== undefined) return wanted;
  const pool = poolBeside(own);
  if (pool !== undefined) return { ...wanted, pool };
  throw new Error(
    `Cannot serve on ${wanted.interface}: no DHCP server answers there, and a network with room for other PCs was wanted, not ${own.address}/${own.prefix}`,
  );
}

/** The workstation is a node where it serves (withServedNic): its processes come home before its address changes. */
async function followServed(root: string, machine: ServeMachine): Promise<void> {
  if (!(await machine.systemctl("is-active", "--quiet", "clump.service")).ok) return;
  const { nic } = withServedNic(root, parseConf(readOptional(root + CONF_PATH) ?? ""));
  const routes = readOptional(`${root}/proc/net/route`) ?? "";
  if (readStatus(root)?.nic === findOwnNic(machine.interfaces(), routes, nic).name) return;
  await sendAllHome(machine.ask);
  await systemctl(machine, "restart", "clump.service");
}
