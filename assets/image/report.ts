/** What a build tells at its end. */

import { FIRMWARE_LEFT_OUT } from "./manifest.ts";
import type { ImageReport } from "./options.ts";

/** The size table, the drivers that lack firmware, and where the files are. */
export function formatReport(report: ImageReport, verbose: boolean): string {
  const seconds = (report.milliseconds / 1000).toFixed(1);
  return [
    ...sizeTable(report),
    "",
    ...firmwareLines(report, verbose),
    ...missingModules(report),
    `Linux ${report.tree.release} with ${report.tree.modules} modules, in ${report.out} (${seconds} s)`,
  ].join("\n");
}

function sizeTable({ sizes }: ImageReport): string[] {
  return sizes.map(({ name, bytes, part }) => {
    const label = part ? `  of which ${name}, unpacked` : name;
    return `${label.padEnd(32)} ${megabytes(bytes).padStart(8)} MB`;
  });
}

function firmwareLines({ tree }: ImageReport, verbose: boolean): string[] {
  const lacking = tree.firmware.filter(({ missing }) => missing.length > 0);
  const none = lacking.filter(({ served }) => !served);
  const some = lacking.filter(({ served }) => served);
  const lines = [
    ...(none.length > 0 ? [`Drivers without their firmware: ${names(none)}`] : []),
    ...(some.length > 0 ? [`Drivers without some of it: ${names(some)}`] : []),
    ...leftOut(tree.firmware),
  ];
  if (!verbose) return lacking.length > 0 ? [...lines, "Which files: npm run build -- --verbose"] : lines;
  const sizes = tree.firmware.filter(({ served }) => served).toSorted((a, b) => b.bytes - a.bytes);
  return [
    ...lines,
    ...lacking.flatMap(({ driver, missing }) => missing.map((name) => `  ${driver} wants ${name}`)),
    ...sizes.map(({ driver, bytes }) => `  ${driver} has ${megabytes(bytes)} MB`),
  ];
}

function leftOut(firmware: ImageReport["tree"]["firmware"]): string[] {
  return FIRMWARE_LEFT_OUT.flatMap(({ prefix, why }) => {
    const drivers = firmware.filter((entry) => entry.leftOut.some((name) => name.startsWith(prefix)));
    return drivers.length > 0 ? [`Firmware left out for ${names(drivers)}: ${why}`] : [];
  });
}

function missingModules({ tree }: ImageReport): string[] {
  if (tree.missingModules.length === 0) return [];
  return [`Modules that this kernel has not: ${tree.missingModules.join(", ")}`];
}

function names(firmware: ImageReport["tree"]["firmware"]): string {
  return firmware.map(({ driver }) => driver).join(", ");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
