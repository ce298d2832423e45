/** The command `clump doctor`: says what a workstation has and what it lacks for its part in a cluster. */

import { existsSync } from "node:fs";
import { networkInterfaces, release } from "node:os";
import type { CommandIo } from "../../cluster/commands/mosctl.ts";
import { readCriuVersion } from "../../cluster/migration/criu-version.ts";
import { KEY_PATH } from "../../cluster/security/key.ts";
import { readView } from "../../cluster/view.ts";
import { readProcessor } from "../../probes/processor-level.ts";
import { asksForHelp, formatHelp, formatRefusal } from "../../system/command-help.ts";
import { readOptional } from "../../system/files.ts";
import { reason } from "../../system/log.ts";
import { present } from "../../system/optional.ts";
import { CONF_PATH, parseConf } from "./clump-conf.ts";
import { diagnose, MODULES, type Readings } from "./diagnosis.ts";
import { DOCTOR_HELP } from "./help.ts";
import { parseListeners, SS } from "./listeners.ts";
import { findOwnNic } from "./own-nic.ts";
import { withServedNic } from "./served.ts";
import { CRIU } from "./service-options.ts";
import { MACHINE, type Workstation } from "./workstation.ts";

const EXIT = { ok: 0, lacks: 1, usage: 2 } as const;

/** Runs `clump doctor` with the words after it. Returns the exit code: 0 where nothing is missing. */
export async function runDoctor(
  words: readonly string[],
  { root, stdout, stderr }: CommandIo,
  machine: Workstation = MACHINE,
): Promise<number> {
  if (asksForHelp(words)) {
    stdout(formatHelp(DOCTOR_HELP));
    return EXIT.ok;
  }
  if (words[0] !== undefined) {
    stderr(formatRefusal(DOCTOR_HELP, `Cannot use "${words[0]}": nothing was wanted`));
    return EXIT.usage;
  }
  const { complaints, nic } = withServedNic(root, parseConf(readOptional(root + CONF_PATH) ?? ""));
  const findings = [
    ...diagnose(await read(root, machine, nic)),
    ...complaints.map((text) => ({ ok: false, text })),
  ];
  stdout(findings.map(({ ok, text }) => `${ok ? "ok     " : "missing"}  ${text}\n`).join(""));
  return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.lacks;
}

async function read(root: string, machine: Workstation, nic: string | undefined): Promise<Readings> {
  const criu = readCriuVersion((await machine.run(CRIU, "--version")).output);
  const missing = await Promise.all(
    Object.keys(MODULES).map(async (name) => ((await hasModule(root, machine, name)) ? [] : [name])),
  );
  const own = findNic(root, nic);
  return {
    cpuinfo: readOptional(`${root}/proc/cpuinfo`) ?? "",
    kernel: release(),
    hasSystemd: machine.hasSystemd(),
    hasCgroup2: existsSync(`${root}/sys/fs/cgroup/cgroup.controllers`),
    ...present("criu", criu),
    ...present("criuCheck", machine.isRoot() ? await machine.run(CRIU, "check") : undefined),
    missingModules: missing.flat(),
    nic: own,
    hasKey: existsSync(root + KEY_PATH),
    ...present("firewall", await findFirewall(machine)),
    ...present("isClockSet", await isClockSet(machine)),
    listeners: parseListeners((await machine.run(...SS)).output, "address" in own ? own.address : undefined),
    processor: readProcessor(root),
    nodes: readView(root)?.nodes.filter(({ isSelf, state }) => !isSelf && state === "up") ?? [],
  };
}

/** Firewalls that begin by refusing what comes in. */
const FIREWALLS = ["ufw", "firewalld"];

/** Rules of another program are seen by root alone. */
async function findFirewall({ systemctl, run }: Workstation): Promise<string | undefined> {
  for (const name of FIREWALLS)
    if ((await systemctl("is-active", "--quiet", `${name}.service`)).ok) return name;
  const rules = (await run("/usr/sbin/nft", "list", "ruleset")).output;
  return /hook input .*policy drop/.test(rules) ? "a packet filter (nft list ruleset)" : undefined;
}

async function isClockSet({ run }: Workstation): Promise<boolean | undefined> {
  const { ok, output } = await run("/usr/bin/timedatectl", "show", "--property=NTPSynchronized", "--value");
  return ok && /^(yes|no)$/.test(output.trim()) ? output.trim() === "yes" : undefined;
}

/** One that is built into the kernel, or loaded, has a folder; modprobe(8) knows the others. */
async function hasModule(root: string, { run }: Workstation, name: string): Promise<boolean> {
  return existsSync(`${root}/sys/module/${name}`) || (await run("/usr/sbin/modprobe", "-n", "-q", name)).ok;
}

function findNic(root: string, wanted: string | undefined): Readings["nic"] {
  try {
    return findOwnNic(networkInterfaces(), readOptional(`${root}/proc/net/route`) ?? "", wanted);
  } catch (error) {
    return { problem: reason(error) };
  }
}
