/** What PID 1 knows of this node, for whoever shows it: a file that is always whole. */

import { readFileSync } from "node:fs";
import { replaceFile } from "../files.ts";
import { PATHS } from "./paths.ts";

/** Times are seconds since the kernel started (`uptime()`): a node's clock may be wrong, or be set at any moment. */
export interface NodeStatus {
  readonly version: string;
  readonly hostname: string;
  /** As it is shown: "NoVNC". */
  readonly mode: string;
  /** Own number; absent while this node is not configured. */
  readonly node?: number;
  /** Dotted decimal. */
  readonly address?: string;
  readonly prefix?: number;
  /** The interface that holds the address. */
  readonly nic?: string;
  /** Why it is this one, where there are several. */
  readonly choice?: string;
  readonly lease?: LeaseStatus;
  /** The entries of the map, one a line. */
  readonly map?: string;
  readonly web?: WebStatus;
  /** What Slurm makes of this node; absent outside of a Slurm cluster. */
  readonly slurm?: SlurmStatus;
  /** What it does for other PCs, where it boots them. */
  readonly serves?: string;
  readonly nics: readonly NicStatus[];
  /** What keeps something from working, one line each: "no driver for 10ec:8168 in this image". */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  /** What this node does that strangers may use: shown first and in red. */
  readonly danger?: string;
}

export interface LeaseStatus {
  /** Address of the server. */
  readonly server: string;
  readonly obtainedUptime: number;
  /** How long it was given for; null is for ever. */
  readonly seconds: number | null;
  /** RFC 2131: "BOUND", "RENEWING"… */
  readonly state: string;
}

export interface SlurmStatus {
  /** As sinfo(1) has it: "idle", "allocated", "drained", with a "*" while the controller does not hear the node. */
  readonly state: string;
  /** Jobs that run here now. */
  readonly jobs: number;
  /** The reason that was given for the state. */
  readonly why?: string;
}

/** Where a browser finds this node, while it may. */
export interface WebStatus {
  /** TCP port. */
  readonly port: number;
  /** Whether it asks for no password. */
  readonly isOpen: boolean;
}

export interface NicStatus {
  readonly name: string;
  readonly mac: string;
  /** "0000:00:03.0 8086:100e e1000". */
  readonly device: string;
  readonly carrier: boolean;
  /** "link up, no answer to DHCP". */
  readonly dhcp: string;
  /** What may be the cause, or what to look at; shown below it. */
  readonly hint?: string;
  /** Since when `dhcp` is so; how long that is gets shown behind it. */
  readonly sinceUptime?: number;
}

/** Replaces the status of this node. @throws the error of the file system */
export function writeStatus(root: string, status: NodeStatus): void {
  replaceFile(root + PATHS.status, JSON.stringify(status));
}

/** The status of this node, or nothing while there is none, or none that can be read. */
export function readStatus(root: string): NodeStatus | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(root + PATHS.status, "utf8"));
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isStatus(value: unknown): value is NodeStatus {
  return (
    isShaped(value, { version: isString, hostname: isString, mode: isString }) &&
    isShaped(value, { nics: isListOf(isNic), problems: isListOf(isString), warnings: isListOf(isString) }) &&
    isShaped(value, { node: isMaybe(isNumber), prefix: isMaybe(isNumber), address: isMaybe(isString) }) &&
    isShaped(value, {
      choice: isMaybe(isString),
      danger: isMaybe(isString),
      serves: isMaybe(isString),
      slurm: isMaybe(isSlurm),
      web: isMaybe(isWeb),
    }) &&
    isShaped(value, { nic: isMaybe(isString), map: isMaybe(isString), lease: isMaybe(isLease) })
  );
}

type Check = (value: unknown) => boolean;

/** Whether a value is an object whose members pass their checks. */
export function isShaped(value: unknown, shape: Readonly<Record<string, Check>>): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(shape).every(([key, check]) => check(Reflect.get(value, key)));
}

const isString: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isBoolean: Check = (value) => typeof value === "boolean";
const isMaybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const isNic: Check = (value) =>
  isShaped(value, { name: isString, mac: isString, device: isString, dhcp: isString, carrier: isBoolean }) &&
  isShaped(value, { sinceUptime: isMaybe(isNumber), hint: isMaybe(isString) });

const isWeb: Check = (value) => isShaped(value, { port: isNumber, isOpen: isBoolean });

const isSlurm: Check = (value) =>
  isShaped(value, { state: isString, jobs: isNumber, why: isMaybe(isString) });

const isLease: Check = (value) =>
  isShaped(value, { server: isString, obtainedUptime: isNumber, state: isString }) &&
  isShaped(value, { seconds: (seconds) => seconds === null || isNumber(seconds) });
