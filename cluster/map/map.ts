/**
 * The map of MOSIX 1.x and openMosix: which node number has which address.
 * Read as setpe of openMosix-tools 0.3.6 reads it, its quirks included: a map must mean the same on every node.
 */

import { formatAddress } from "../../system/address/ipv4.ts";
import { parseInetAddress } from "./inet-address.ts";
import { scan } from "./scanf.ts";

/** Node `base` is at `address`, `base + 1` at the next one, and so on; `count` 0 makes it an alias of `base`. */
export interface MapEntry {
  readonly base: number;
  /** Unsigned 32 bits. */
  readonly address: number;
  readonly count: number;
}

/** The address of a host name, or nothing where it has none. */
export type ResolveHost = (name: string) => Promise<number | undefined>;

export const MAXIMUM_ENTRIES = 256;

/** fgets(512) of setpe: a longer line is read as several. */
const LINE_PART = 511;

/**
 * The entries of a map file, in its order.
 * @throws SyntaxError for a line that is no entry, RangeError for a number or a name no map may have; the
 * messages are those of setpe.
 */
export async function parseMap(
  text: string,
  { resolve, program }: { readonly resolve: ResolveHost; readonly program: string },
): Promise<MapEntry[]> {
  const entries: MapEntry[] = [];
  for (const line of linesOf(text)) {
    if (entries.length === MAXIMUM_ENTRIES) throw new RangeError(`${program}: Table Overflow`);
    const entry = await parseLine(line, resolve);
    entries.push(entry);
  }
  if (entries.length === 0) throw new RangeError(`${program}: the table is empty.`);
  return entries;
}

/** The text of a map file from the value of `clump.map=`, where a semicolon stands for the end of a line. */
export function mapOfOption(value: string): string {
  const lines = value.split(";").map((line) => line.trim());
  return lines.flatMap((line) => (line === "" ? [] : `${line}\n`)).join("");
}

/** The text of a map file with these entries, one a line. */
export function formatMap(entries: readonly MapEntry[]): string {
  return entries
    .map(({ base, address, count }) => `${base} ${formatAddress(address)} ${count || "ALIAS"}\n`)
    .join("");
}

/** The address of a node, by the range that holds it; aliases do not count. */
export function addressOfNode(entries: readonly MapEntry[], node: number): number | undefined {
  // setpe adds as C does with an int of 32 bits: a range too long is no range.
  const range = entries.find(({ base, count }) => node >= base && node < ((base + count) | 0));
  return range && range.address + (node - range.base);
}

/** Which node is at an address, by the range that holds it; aliases do not count. */
export function nodeAtAddress(entries: readonly MapEntry[], wanted: number): number | undefined {
  const range = entries.find(({ address, count }) => wanted >= address && wanted < address + count);
  return range && range.base + (wanted - range.address);
}

/** The lines that setpe reads: a comment has its "#" in the first column, and blanks are no empty line. */
function linesOf(text: string): string[] {
  // setpe skips each empty line but one that begins the file.
  if (text.startsWith("\n")) badLine("\n");
  return text
    .split("\n")
    .flatMap((line) => line.match(new RegExp(`.{1,${LINE_PART}}`, "gs")) ?? [])
    .map((line) => line.split("\0", 1)[0] ?? "")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** Tries the four forms of a line in the order of setpe. */
async function parseLine(line: string, resolve: ResolveHost): Promise<MapEntry> {
  const [base, place, count] = scanFields(line) ?? badLine(line);
  const address = typeof place === "number" ? place : ((await resolve(place)) ?? readPlace(place));
  // The words of herror(3), which is what setpe says here.
  if (address === undefined) throw new RangeError(`${place}: Unknown host`);
  return { base, address, count };
}

type Fields = [base: number, place: number | string, count: number];

function scanFields(line: string): Fields | undefined {
  const range = scan(line, "%d %d.%d.%d.%d %d") as
    | [number, number, number, number, number, number]
    | undefined;
  if (range) return [range[0], joinOctets(range.slice(1, 5)), range[5]];
  const host = scan(line, "%d %s %d") as [number, string, number] | undefined;
  if (host) return host;
  const alias = scan(line, "%d %d.%d.%d.%d %10s") as
    | [number, number, number, number, number, string]
    | undefined;
  if (alias && isAlias(alias[5])) return [alias[0], joinOctets(alias.slice(1, 5) as number[]), 0];
  const hostAlias = scan(line, "%d %s %10s") as [number, string, string] | undefined;
  return hostAlias && isAlias(hostAlias[2]) ? [hostAlias[0], hostAlias[1], 0] : undefined;
}

/**
 * gethostbyname(3) reads digits and dots as an address. What only inet_addr(3) reads, as 0x0a4d010f, setpe takes with
 * its bytes in the wrong order: 15.1.77.10.
 */
function readPlace(place: string): number | undefined {
  const address = parseInetAddress(place);
  if (address === undefined || /^[\d.]+$/.test(place)) return address;
  return joinOctets([address & 0xff, (address >> 8) & 0xff, (address >> 16) & 0xff, address >>> 24]);
}

/** Octets are not checked, only shifted and joined with "or": 10.0.0.300 is 10.0.1.44. */
function joinOctets(octets: readonly number[]): number {
  return octets.reduce((address, octet, index) => address | (octet << (24 - 8 * index)), 0) >>> 0;
}

function isAlias(word: string): boolean {
  return word.toLowerCase() === "alias";
}

function badLine(line: string): never {
  throw new SyntaxError(`Bad Table Input: <${line}>`);
}
