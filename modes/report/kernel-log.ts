/** The kernel's log as `dmesg -r` prints it, and the lines of it that a reader looks for first. */

/** A level of syslog(2) and below is something that somebody should read. */
const WARNING = 4;
/** How each step of the boot ended, with its time. */
const STEP = /clump: .*: ok \(\d+\.\d+ s\)$/;
/** States of DHCP clients, and the node made of the address. */
const NETWORK = /clump: (dhcp |configured|not configured|ordered by hand)/;

export interface LogLine {
  /** Of syslog(2): 0 to 7. */
  readonly level: number;
  readonly text: string;
}

/** The level stands before each record, with the facility above its three bits; a line without continues one. */
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

export function wholeLog(lines: readonly LogLine[]): string {
  return lines.map(({ text }) => text).join("\n");
}

export function bootSteps(lines: readonly LogLine[]): string {
  return wholeLog(lines.filter(({ text }) => STEP.test(text)));
}

/** With what drivers and others say of the interfaces of these names: cables that come and go. */
export function networkEvents(lines: readonly LogLine[], names: readonly string[]): string {
  const isNamed = (text: string) => text.split(/[^\w.-]+/).some((word) => names.includes(word));
  return wholeLog(lines.filter(({ text }) => NETWORK.test(text) || isNamed(text)));
}

export function complaints(lines: readonly LogLine[]): string {
  return wholeLog(lines.filter(({ level }) => level <= WARNING));
}
