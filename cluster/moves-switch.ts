/** Whether processes move between this node and others. */

/** "open": also in a cluster without a key, where everybody on the network may then run programs; "no": never. */
export const MOVES = ["open", "no"] as const;
export type Moves = (typeof MOVES)[number];

/** Whether processes of other nodes run here. */
export const GUESTS = ["no", "yes"] as const;
export type Guests = (typeof GUESTS)[number];

/** Whether root's processes leave, and nodes with the key see all files here, root's included. */
export const ROOTS = ["no", "yes"] as const;
export type Root = (typeof ROOTS)[number];

/** Processes move where all nodes have proved the key, or where the user has said that strangers may. */
export function allowsMoves(moves: Moves | undefined, hasKey: boolean): boolean {
  return moves !== "no" && (hasKey || moves === "open");
}
