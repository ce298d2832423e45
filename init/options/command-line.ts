/**
 * The kernel command line as words, and the words as boot options; read by the parser of yargs, in the build of it
 * that needs nothing else: yargs itself would delay every boot by a third of a second under emulation.
 */

import parse from "yargs-parser/browser";
import { isDiscovery, parseControl } from "../../cluster/daemon/options.ts";
import { isSpan, SPANS, type Span } from "../../cluster/map/prefix-map.ts";
import { DISCOVERIES, type Discovery } from "../../cluster/view.ts";
import { isModeName, MODES, type ModeName } from "../../modes/index.ts";
import { parseServeRequest, SERVE_WANTED, type ServeRequest } from "../../modes/serve/serve-request.ts";
import { parseWebPort } from "../../modes/web/port.ts";
import type { PreferredNic } from "../../probes/network/primary-nic.ts";
import { type NetworkOptions, readNetworkOptions } from "../../probes/network-options/options.ts";
import { isHostname } from "../../system/hostname.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { present } from "../../system/optional.ts";
import { hideUser, SECRET_NAMES } from "../../system/secrets.ts";
import { VNC_PASSWORD_LENGTH, type VncUse } from "../../system/state/access.ts";
import { parseTargetOption, TARGET_FORMS, type Target } from "../../system/state/report-target.ts";
import { modeOfParameter } from "./mode-parameters.ts";

export interface BootOptions {
  /** Absent unless asked for. */
  readonly mode?: ModeName;
  /** Value of `clump.map=` as it was typed. */
  readonly map?: string;
  /** What of its network a node's own map covers; absent unless asked for. */
  readonly span?: Span;
  /** How nodes get their numbers; absent unless asked for. */
  readonly discovery?: Discovery;
  readonly hostname?: string;
  readonly network: NetworkOptions;
  /** Of the cluster. */
  readonly key?: string;
  /** Who may look in from outside, by VNC or another way: a password, or "none" for everybody. */
  readonly password?: string;
  /** Preferred primary NICs, the most preferred first. */
  readonly preferredNics: readonly PreferredNic[];
  /** The interface from which the boot loader fetched this system, with the address it had. */
  readonly bootedFrom?: { readonly nic: string; readonly address: string };
  /** What viewers of VNC may do; absent where VNC is turned off. */
  readonly vnc?: VncUse;
  /** What a shell asks for; absent where it asks for nothing. */
  readonly shellPassword?: string;
  /** Modules that are not loaded. */
  readonly blacklist: readonly string[];
  /** Seconds after which a failed boot restarts the machine; without it a shell waits for a person. */
  readonly panicSeconds?: number;
  readonly debug: boolean;
  /** Where the report of the boot goes; absent unless asked for. */
  readonly report?: Target;
  /** Whether and how other PCs are booted; absent unless asked for. */
  readonly serve?: ServeRequest;
  /** TCP port of the web view; absent unless asked for. */
  readonly web?: number;
  /** Whether the CD is given back once the node runs. */
  readonly eject: boolean;
  /** One sentence for each value that could not be used. */
  readonly complaints: readonly string[];
}

/** Other names of options. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["systemd.hostname", "hostname"],
  ["rd.driver.blacklist", "modprobe.blacklist"],
  ["blacklist", "modprobe.blacklist"],
  ["rd.debug", "debug"],
  ["inst.vncpassword", "clump.vnc.password"],
]);

/** Never part of a complaint. */
const SECRETS = SECRET_NAMES.filter((name) => !SYNONYMS.has(name));
/** `quiet` is the kernel's alone: it shows the consoles no more than warnings, ours included. */
const BOOLEANS = ["debug", "clump.eject"];
const TEXTS = [
  ...["clump.mode", "clump.map", "clump.map.span", "clump.discovery", "clump.control", "clump.report"],
  ...["clump.serve", "clump.web", "clump.vnc", "clump.nic", ...SECRETS],
  ...["hostname", "panic", "modprobe.blacklist", "BOOTIF"],
];
/** All that is read here; the document has them too. */
export const OPTION_NAMES: readonly string[] = [...SYNONYMS.keys(), ...BOOLEANS, ...TEXTS];
const OWN_PREFIX = "clump.";
const LONG_PASSWORD = `Cannot use all of clump.vnc.password: VNC compares its first ${VNC_PASSWORD_LENGTH} characters, ignoring the rest`;

/**
 * Reads boot options from the text of /proc/cmdline. Of an option given twice the last wins; words that are not
 * ours are ignored; a value that cannot be used leaves a complaint and the option absent.
 */
export function parseCommandLine(text: string): BootOptions {
  const words = splitParameters(text);
  const network = readNetworkOptions(words);
  const complaints: string[] = [...network.complaints];
  const parsed = parse(words.flatMap(toArgument), {
    boolean: BOOLEANS,
    string: TEXTS,
    configuration: {
      "camel-case-expansion": false,
      "dot-notation": false,
    },
  }) as Readonly<Record<string, unknown>>;

  /** The last usable value: a bad one takes nothing away from a good one before it. */
  function read<T>(name: string, wanted: string, convert: (value: string) => T | undefined): T | undefined {
    let last: T | undefined;
    for (const value of texts(parsed[name])) {
      const converted = convert(value);
      const shown = SECRETS.includes(name) && value ? `${name}=***` : `${name}=${hideUser(value)}`;
      if (converted === undefined) complaints.push(`Cannot use ${shown}: ${wanted} is wanted, ignoring`);
      last = converted ?? last;
    }
    return last;
  }

  function preferNic(option: string, wanted: string, isUsable: (value: string) => boolean): PreferredNic[] {
    const name = read(option, wanted, (value) => (isUsable(value) ? value : undefined));
    return name === undefined ? [] : [{ option: `${option}=${name}`, name }];
  }

  const bootInterface = network.usesBootif
    ? preferNic("BOOTIF", "a hardware address as in 01-52-54-00-12-34-56", isBootInterface)
    : [];

  for (const name of Object.keys(parsed)) {
    if (!name.startsWith(OWN_PREFIX) || TEXTS.includes(name) || BOOLEANS.includes(name)) continue;
    complaints.push(`Cannot use ${name}: there is no such option, ignoring`);
  }

  function readServe(): ServeRequest | undefined {
    const request = read("clump.serve", SERVE_WANTED, parseServeRequest);
    return request === "no" ? undefined : request;
  }

  // clumpd reads it itself; here only what cannot be used is named.
  read("clump.control", "an address, a port, or both as 10.0.0.1:5430", parseControl);

  const password = read("clump.vnc.password", "a password, or none", toPassword);
  if (password !== undefined && password.length > VNC_PASSWORD_LENGTH) complaints.push(LONG_PASSWORD);

  const modes = `${Object.keys(MODES).slice(0, -1).join(", ")} or ${Object.keys(MODES).at(-1)}`;
  return {
    ...present(
      "mode",
      read("clump.mode", modes, (value) => (isModeName(value) ? value : undefined)),
    ),
    ...present(
      "map",
      read("clump.map", "a map", (value) => value || undefined),
    ),
    ...present(
      "span",
      read("clump.map.span", SPANS.join(" or "), (value) => (isSpan(value) ? value : undefined)),
    ),
    ...present(
      "discovery",
      read("clump.discovery", `${DISCOVERIES.slice(0, -1).join(", ")} or ${DISCOVERIES.at(-1)}`, (value) =>
        isDiscovery(value) ? value : undefined,
      ),
    ),
    ...present(
      "key",
      read("clump.key", "a text that all nodes share", (value) => value || undefined),
    ),
    ...present("vnc", (read("clump.vnc", "0, 1 or view", toVncUse) ?? { use: "full" }).use),
    ...present("password", password),
    ...present("shellPassword", read("clump.shell.password", "a password", toPassword)),
    ...present("web", read("clump.web", "a port, or 0 for none", parseWebPort) || undefined),
    ...present("report", read("clump.report", TARGET_FORMS, parseTargetOption)),
    ...present("serve", readServe()),
    ...present(
      "hostname",
      read("hostname", "a name of letters, digits and hyphens", toHostname) ?? network.hostname,
    ),
    network,
    ...present("panicSeconds", read("panic", "a number of seconds", toSeconds)),
    ...present("bootedFrom", bootedFrom(network, bootInterface)),
    preferredNics: [
      ...preferNic(
        "clump.nic",
        "a name, a hardware address or a PCI address of a network interface",
        (value) => value !== "",
      ),
      ...(network.bootDevice ? [{ option: `bootdev=${network.bootDevice}`, name: network.bootDevice }] : []),
      ...bootInterface,
    ],
    blacklist: texts(parsed["modprobe.blacklist"]).flatMap((value) => value.split(",").filter(Boolean)),
    debug: parsed["debug"] === true,
    eject: parsed["clump.eject"] !== false,
    complaints,
  };
}

/** One kernel word as an argument for the parser; none for a word that is not ours. */
function toArgument(word: string): string[] {
  const mode = modeOfParameter(word);
  if (mode !== undefined) return [`--clump.mode=${mode}`];
  const equals = word.indexOf("=");
  const given = equals === -1 ? word : word.slice(0, equals);
  const name = SYNONYMS.get(given) ?? given;
  const value = equals === -1 ? undefined : word.slice(equals + 1);
  if (BOOLEANS.includes(name)) return [`--${name}=${value !== "0"}`];
  if (!TEXTS.includes(name) && !name.startsWith(OWN_PREFIX)) return [];
  return [`--${name}=${value ?? ""}`];
}

function toHostname(value: string): string | undefined {
  return isHostname(value) ? value : undefined;
}

function toVncUse(value: string): { readonly use?: VncUse } | undefined {
  if (value === "0") return {};
  return value === "1" || value === "" ? { use: "full" } : value === "view" ? { use: "view" } : undefined;
}

/** VNC, browsers and consoles agree on no more than these. */
function toPassword(value: string): string | undefined {
  return /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

function bootedFrom(
  { pxe }: NetworkOptions,
  [bootInterface]: readonly PreferredNic[],
): BootOptions["bootedFrom"] {
  return pxe && bootInterface && { nic: bootInterface.name, address: pxe.address };
}

/** As PXELINUX writes it (SYSAPPEND 2), hardware type first; others write colons, or leave the type out. */
function isBootInterface(value: string): boolean {
  return /^([0-9a-f]{2}[-:])?([0-9a-f]{2}[-:]){5}[0-9a-f]{2}$/i.test(value);
}

function toSeconds(value: string): number | undefined {
  return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** The parser gathers repetitions in an array. */
function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
}
