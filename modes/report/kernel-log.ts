/** The kernel's log as `dmesg -r` prints it, and the lines that matter most. */

/** Levels of syslog(2) up to this one are worth a reader's attention. */
const WARNING = 4;
/** The line at the end of each step of the boot. */
const STEP = /clump: .*: ok \(\d+\.\d+ s\)$/;
/** The first line of a kernel. */
const KERNEL_START = /^\[ *0\.0+\] Linux version /;
/** Lines on DHCP states and on the configuration of the node. */
const NETWORK = /clump: (dhcp |configured|not configured|ordered by hand)/;

export interface LogLine {
  /** Level of syslog(2), 0 to 7. */
  readonly level: number;
  readonly text: string;
}

/** A record begins with <priority>, whose lowest three bits are the level; a line without it continues the record. */
export function parseKernelLog(raw: string): LogLine[] {
  let level = 7;
  return raw
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const match = /^<(\d+)>/.exec(line);
      if (match) level = Number(match[1]) & 7;
      return { level, text: line.slice(match?.[0].length ?? 0) };
    });
}

/** The kernel's log, with the lines that process 1 has kept of the boot in front where the log has forgotten its begin. */
export function withBoot(lines: readonly LogLine[], kept: string): readonly LogLine[] {
  const isWhole = lines.some(({ text }) => KERNEL_START.test(text));
  if (isWhole) return lines;
  const known = new Set(lines.map(({ text }) => sayingOf(text)));
  const lost = parseKernelLog(kept).filter(({ text }) => !known.has(sayingOf(text)));
  return [...lost, ...lines];
}

/** A line without its time: process 1 and the kernel take the time one after the other. */
function sayingOf(text: string): string {
  return text.replace(/^\[ *[\d.]+\] /, "");
}

export function wholeLog(lines: readonly LogLine[]): string {
  return lines.map(({ text }) => text).join("\n");
}

export function bootSteps(lines: readonly LogLine[]): string {
  return wholeLog(lines.filter(({ text }) => STEP.test(text)));
}

/** Lines of clump's network, and lines of drivers that name one of these interfaces. */
export function networkEvents(lines: readonly LogLine[], names: readonly string[]): string {
  const isNamed = (text: string) => text.split(/[^\w.-]+/).some((word) => names.includes(word));
  return wholeLog(lines.filter(({ text }) => NETWORK.test(text) || isNamed(text)));
}

export function complaints(lines: readonly LogLine[]): string {
  return wholeLog(lines.filter(({ level }) => level <= WARNING));
}
