/** The kernel command line as boot options. */

import { readFileSync } from "node:fs";
import { BALANCES, TOPOLOGIES } from "../../cluster/balance/switch.ts";
import { type ControlAddress, parseControl } from "../../cluster/daemon/control-address.ts";
import { SPANS } from "../../cluster/map/prefix-map.ts";
import { GUESTS, MOVES, ROOTS } from "../../cluster/moves-switch.ts";
import { DISCOVERIES } from "../../cluster/view.ts";
import { joinSshValues, parseSshValue, SSH_WANTED, type SshRequest } from "../../modes/access/ssh-request.ts";
import { MODES } from "../../modes/index.ts";
import { parseServeRequest, SERVE_WANTED, type ServeRequest } from "../../modes/serve/serve-request.ts";
import { TOOLS_OPTION } from "../../modes/serve/tools-files.ts";
import {
  parseControllers,
  SLURM_LEAVES,
  SLURM_WANTED,
  type SlurmRequest,
} from "../../modes/slurm/slurm-request.ts";
import { parseToolsUrl, TOOLS_URL_WANTED } from "../../modes/tools/tools-url.ts";
import { parseWebPort } from "../../modes/web/port.ts";
import type { PreferredNic } from "../../probes/network/primary-nic.ts";
import { type NetworkOptions, readNetworkOptions } from "../../probes/network-options/options.ts";
import { splitParameters } from "../../system/kernel-parameters.ts";
import { present } from "../../system/optional.ts";
import { VNC_PASSWORD_LENGTH, type VncUse } from "../../system/state/access.ts";
import { parseTargetOption, TARGET_FORMS } from "../../system/state/report-target.ts";
import type { BootOptions } from "./boot-options.ts";
import { complaintOfMode } from "./mode-parameters.ts";
import { Parameters } from "./parameters.ts";
import { parseShare, SHARE_WANTED } from "./share.ts";
import { parseUser, USER_WANTED } from "./user.ts";
import {
  listWanted,
  MOST_PROCESSES,
  oneOf,
  toBootInterface,
  toHostname,
  toHostnamePattern,
  toMode,
  toPassword,
  toProcesses,
  toSeconds,
  toText,
  toVncUse,
} from "./values.ts";

const LONG_PASSWORD = `Cannot use all of clump.vnc.password: VNC compares its first ${VNC_PASSWORD_LENGTH} characters, ignoring the rest`;

/** The options of the machine below `root`. @throws the error of the file system */
export function readCommandLine(root: string): BootOptions {
  return parseCommandLine(readFileSync(`${root}/proc/cmdline`, "utf8"));
}

/**
 * Reads boot options from the text of /proc/cmdline. Of an option given twice the last wins; parameters that are not
 * ours are ignored; a value that cannot be used leaves a complaint and the option absent.
 */
export function parseCommandLine(text: string): BootOptions {
  const words = splitParameters(text);
  const network = readNetworkOptions(words);
  const parameters = new Parameters(words);
  const ssh = readSsh(parameters);
  const options = {
    ...readModeOptions(parameters),
    ...readClusterOptions(parameters),
    ...readViewerOptions(parameters),
    ...readNicOptions(parameters, network),
    ...present("report", parameters.last("clump.report", TARGET_FORMS, parseTargetOption)),
    ...present("serve", readServe(parameters)),
    ...present("ssh", ssh),
    ...present("slurm", readSlurm(parameters)),
    shares: parameters.all("clump.mount", SHARE_WANTED, parseShare),
    users: parameters.all("clump.users", USER_WANTED, parseUser),
    eject: parameters.boolean("clump.eject", ssh === undefined),
  };
  // `clump tools` reads the URL itself; here an unusable URL leaves a complaint.
  parameters.last(TOOLS_OPTION, TOOLS_URL_WANTED, parseToolsUrl);
  const complaints = [
    ...network.complaints,
    ...words.flatMap((word) => complaintOfMode(word) ?? []),
    ...parameters.complaints(),
  ];
  return { ...options, network, complaints };
}

function readModeOptions(parameters: Parameters) {
  const lists = parameters.texts("modprobe.blacklist");
  return {
    ...present("mode", parameters.last("clump.mode", listWanted(Object.keys(MODES)), toMode)),
    ...present("panicSeconds", parameters.last("panic", "a number of seconds", toSeconds)),
    blacklist: lists.flatMap((value) => value.split(",").filter(Boolean)),
    debug: parameters.boolean("debug", false),
    trace: parameters.boolean("clump.trace", false),
  };
}

function readClusterOptions(parameters: Parameters) {
  const controlWanted = "an address, a port, or both as 10.0.0.1:5430";
  const discoveryWanted = listWanted(DISCOVERIES);
  const control = parameters.last("clump.control", controlWanted, parseControl);
  const key = parameters.last("clump.key", "a text that all nodes share", toText);
  if (control !== undefined && !control.address.startsWith("127.") && key === undefined)
    parameters.complain(keylessControl(control));
  return {
    ...present("map", parameters.last("clump.map", "a map", toText)),
    ...present("span", parameters.last("clump.map.span", SPANS.join(" or "), oneOf(SPANS))),
    ...present("discovery", parameters.last("clump.discovery", discoveryWanted, oneOf(DISCOVERIES))),
    ...present("moves", parameters.last("clump.moves", MOVES.join(" or "), oneOf(MOVES))),
    ...present("balance", parameters.last("clump.balance", BALANCES.join(" or "), oneOf(BALANCES))),
    ...present("guests", parameters.last("clump.guests", GUESTS.join(" or "), oneOf(GUESTS))),
    ...present("root", parameters.last("clump.root", ROOTS.join(" or "), oneOf(ROOTS))),
    ...present(
      "demo",
      parameters.last("clump.demo", `a number of processes from 1 to ${MOST_PROCESSES}`, toProcesses),
    ),
    ...present("topology", parameters.last("clump.topology", TOPOLOGIES.join(" or "), oneOf(TOPOLOGIES))),
    ...present("control", control),
    ...present("key", key),
  };
}

/** From outside the control port wants a proof of the cluster key. */
function keylessControl({ address, port }: ControlAddress): string {
  return `Cannot answer anybody from outside at clump.control=${address}:${port}: an open cluster has no key to prove, and clump.key= is wanted`;
}

function readViewerOptions(parameters: Parameters) {
  const password = parameters.last("clump.vnc.password", "a password, or none", toPassword);
  if (password !== undefined && password.length > VNC_PASSWORD_LENGTH) parameters.complain(LONG_PASSWORD);
  return {
    ...present("vnc", readVnc(parameters)),
    ...present("password", password),
    ...present("shellPassword", parameters.last("clump.shell.password", "a password", toPassword)),
    ...present("web", parameters.last("clump.web", "a port, or 0 for none", parseWebPort) || undefined),
  };
}

function readVnc(parameters: Parameters): VncUse | undefined {
  const use = parameters.last("clump.vnc", "0, 1 or view", toVncUse) ?? "full";
  return use === "off" ? undefined : use;
}

function readSsh(parameters: Parameters): SshRequest | undefined {
  return joinSshValues(parameters.all("clump.ssh", SSH_WANTED, parseSshValue));
}

function readServe(parameters: Parameters): ServeRequest | undefined {
  const request = parameters.last("clump.serve", SERVE_WANTED, parseServeRequest);
  return request === "no" ? undefined : request;
}

function readSlurm(parameters: Parameters): SlurmRequest | undefined {
  const leave = parameters.last("clump.slurm.leave", SLURM_LEAVES.join(" or "), oneOf(SLURM_LEAVES));
  const controllers = parameters.last("clump.slurm", SLURM_WANTED, parseControllers);
  return controllers === undefined ? undefined : { controllers, leave: leave ?? "requeue" };
}

/** The NICs that are preferred as primary NIC, and the host name, which `ip=` may have too. */
function readNicOptions(parameters: Parameters, network: NetworkOptions) {
  const { bootDevice, pxe, usesBootif } = network;
  const nicWanted = "a name, a hardware address or a PCI address of a network interface";
  const nic = parameters.last("clump.nic", nicWanted, toText);
  const bootWanted = "a hardware address as in 01-52-54-00-12-34-56";
  const bootif = usesBootif ? parameters.last("BOOTIF", bootWanted, toBootInterface) : undefined;
  const hostname = parameters.last("hostname", "a name of letters, digits and hyphens", toHostname);
  const patternWanted = "a name with %d for the node number as in pc%d";
  return {
    ...present("hostname", hostname ?? network.hostname),
    ...present("hostnamePattern", parameters.last("clump.hostname", patternWanted, toHostnamePattern)),
    ...present("bootedFrom", pxe && bootif ? { nic: bootif, address: pxe.address } : undefined),
    preferredNics: [
      ...preferred("clump.nic", nic),
      ...preferred("bootdev", bootDevice),
      ...preferred("BOOTIF", bootif),
    ],
  };
}

function preferred(option: string, name: string | undefined): PreferredNic[] {
  return name === undefined ? [] : [{ option: `${option}=${name}`, name }];
}
