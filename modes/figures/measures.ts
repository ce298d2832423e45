/** What an upright bar can stand for, by the words and keys of mosmon. */

import type { NodeView } from "../../cluster/view.ts";
import { formatShare } from "../../system/amounts.ts";

export type MeasureName = "load" | "speed" | "memory" | "share" | "use";

export interface Measure {
  readonly title: string;
  /** How high the bar is. */
  readonly value: (node: NodeView) => number;
  /** How high it could be, where that is the node's own. */
  readonly whole?: (node: NodeView) => number;
  /** From 0 to 1: how near the node is to its end; what the colour says. */
  readonly share: (node: NodeView) => number;
  readonly format: (value: number) => string;
  /** What the scale is made of: 1, or bytes in a megabyte. */
  readonly unit: number;
  /** The smallest top of the scale, in units: what is less is noise. */
  readonly least: number;
}

const MEGABYTE = 2 ** 20;
const memoryShare = ({ memoryFree, memoryTotal }: NodeView) =>
  memoryTotal > 0 ? 1 - memoryFree / memoryTotal : 0;

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  load: {
    title: "load, 1.00 is one process a standard processor",
    value: ({ load }) => load / 100,
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

/** The top of a scale: the smallest of 1, 2 and 5 times a power of ten units that shows the highest value. */
export function roundTop(highest: number, { unit, least }: Pick<Measure, "unit" | "least">): number {
  const wanted = Math.max(highest / unit, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return unit * power * ([1, 2, 5].find((step) => step * power >= wanted) ?? 10);
}
