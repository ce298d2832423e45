/** The measures that an upright bar can show, with the names and keys of mosmon. */

import type { NodeView } from "../../cluster/view.ts";
import { formatShare } from "../../system/amounts.ts";

export type MeasureName = "load" | "speed" | "memory" | "share" | "use";

export interface Measure {
  readonly title: string;
  /** The height of the bar. */
  readonly value: (node: NodeView) => number;
  /** The highest possible value of this node, where there is one. */
  readonly whole?: (node: NodeView) => number;
  /** The share of the node's capacity in use, 0 to 1, which chooses the colour. */
  readonly share: (node: NodeView) => number;
  readonly format: (value: number) => string;
  /** The unit of the scale: 1, or the bytes of a megabyte. */
  readonly unit: number;
  /** The lowest top of the scale, in units; smaller values are noise. */
  readonly least: number;
}

const MEGABYTE = 2 ** 20;
const memoryShare = ({ memoryFree, memoryTotal }: NodeView) =>
  memoryTotal > 0 ? 1 - memoryFree / memoryTotal : 0;

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  load: {
    title: "load, 1.00 is one process a standard processor",
    value: ({ load }) => load,
    share: ({ busy }) => busy,
    format: (value) => value.toFixed(value < 100 ? 2 : 0),
    unit: 1,
    least: 0.5,
  },
  speed: {
    title: "speed, 10000 is a standard processor",
    value: ({ speed }) => speed,
    share: ({ busy }) => busy,
    format: (value) => value.toFixed(0),
    unit: 1,
    least: 100,
  },
  memory: {
    title: "memory in use, of all there is, MB",
    value: ({ memoryFree, memoryTotal }) => memoryTotal - memoryFree,
    whole: ({ memoryTotal }) => memoryTotal,
    share: memoryShare,
    format: (value) => (value / MEGABYTE).toFixed(0),
    unit: MEGABYTE,
    least: 10,
  },
  share: {
    title: "share of the memory in use",
    value: memoryShare,
    whole: () => 1,
    share: memoryShare,
    format: formatShare,
    unit: 1,
    least: 0.1,
  },
  use: {
    title: "share of the processors in use",
    value: ({ busy }) => busy,
    share: ({ busy }) => busy,
    format: formatShare,
    unit: 1,
    least: 0.1,
  },
};

/** The top of a scale: the smallest of 1, 2 and 5 times a power of ten units that covers the highest value. */
export function roundTop(highest: number, { unit, least }: Pick<Measure, "unit" | "least">): number {
  const wanted = Math.max(highest / unit, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return unit * power * ([1, 2, 5].find((step) => step * power >= wanted) ?? 10);
}
