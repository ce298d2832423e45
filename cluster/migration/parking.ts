/** What a parked supervisor has written for the one that takes its place: parking.h. */

import type { Relay } from "./examination/relays.ts";

export interface Resumption {
  /** Arguments of the next supervisor: resume=RECEIVED,SENT and flow=w1,0,0,16384,1. */
  readonly words: readonly string[];
  /** What criu(8) calls each relayed descriptor now, by "w1". */
  readonly keys: ReadonlyMap<string, string>;
}

/** @throws Error where a line is none that a supervisor writes */
export function parseParking(text: string): Resumption {
  const lines = text.split("\n").filter(Boolean);
  const keys = lines.flatMap((line) => {
    const [, name, key] = /^key=([rw]\d{1,3}),(pipe:\[\d+\])$/.exec(line) ?? [];
    return name === undefined || key === undefined ? [] : [[name, key] as const];
  });
  const words = lines.filter((line) => !line.startsWith("key="));
  if (!words.every(isResumption)) throw new Error("Cannot read what the supervisor has written");
  return { words, keys: new Map(keys) };
}

/** Whether it is one of the words that resume a guest's link. */
export function isResumption(word: string): boolean {
  return /^(resume=\d{1,10},\d{1,10}|flow=(t|[rw]\d{1,3}),[01],[01],\d{1,5},[01])$/.test(word);
}

/** The descriptors that are relayed on, as criu calls them now; where the supervisor's end is closed, criu knows none. */
export function relaysAfter(relays: readonly Relay[], { keys }: Resumption): Relay[] {
  return relays.flatMap((relay) => {
    const key = keys.get(`${relay.mode}${relay.fd}`);
    return key === undefined ? [] : [{ ...relay, key }];
  });
}
