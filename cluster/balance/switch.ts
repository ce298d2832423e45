/** Whether the cluster moves processes of a node by itself. */

export const BALANCES = ["on", "off"] as const;
export type Balance = (typeof BALANCES)[number];
