/** What mosctl has set on this node; it outlives the daemon, by the view it writes. */

import { STANDARD_SPEED } from "../../probes/speed.ts";
import { TOPOLOGY_SETTINGS, type Topology } from "../balance/switch.ts";
import { STATUS } from "../gossip/entry.ts";
import type { Guests } from "../moves-switch.ts";
import type { ClusterView } from "../view.ts";

/** The settings of mosctl, by the words that switch them on. */
export const SETTINGS = ["stay", "lstay", "block", "quiet", "nomfs"] as const;
export type Setting = (typeof SETTINGS)[number];

export interface OwnState {
  readonly settings: ReadonlySet<Setting>;
  readonly speed: number;
  /** Two measurements of the speed agree, or a person has set it. */
  readonly isSpeedKnown: boolean;
}

/** As the daemon left it when it wrote that view; the first daemon of a boot begins with the settings of its topology. */
export function stateFromView(view: ClusterView | undefined, topology: Topology = "peers"): OwnState {
  const own = view?.nodes.find(({ isSelf }) => isSelf);
  const settings: readonly Setting[] =
    own === undefined
      ? TOPOLOGY_SETTINGS[topology]
      : SETTINGS.filter((name) => (own.status & STATUS[name]) !== 0);
  const speed = own?.speed || STANDARD_SPEED;
  return { settings: new Set(settings), speed, isSpeedKnown: view?.isSpeedKnown ?? speed !== STANDARD_SPEED };
}

/** The state of a node that takes guests, or none, from its start on; mosctl block and noblock change that. */
export function withGuests(state: OwnState, guests: Guests | undefined): OwnState {
  if (guests === undefined) return state;
  const settings = new Set(state.settings);
  if (guests === "no") settings.add("block");
  else settings.delete("block");
  return { ...state, settings };
}

/** The status bits of a running node with these settings. */
export function statusBits({ settings }: OwnState, isConfigured: boolean): number {
  const base = STATUS.up | (isConfigured ? STATUS.configured : 0);
  return [...settings].reduce((bits, name) => bits | STATUS[name], base);
}
