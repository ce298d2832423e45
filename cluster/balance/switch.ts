/** Whether the cluster moves processes of a node by itself, and which way. */

export const BALANCES = ["on", "off"] as const;
export type Balance = (typeof BALANCES)[number];

/**
 * What a node is in the topologies of omuscd: peers send their processes out and take others'; a controller farms its own
 * out and takes none; a drone takes processes and starts nothing away itself.
 */
export const TOPOLOGIES = ["peers", "controller", "drone"] as const;
export type Topology = (typeof TOPOLOGIES)[number];

/** The settings of mosctl with which a node of each kind begins; a person may change them. */
export const TOPOLOGY_SETTINGS = {
  peers: [],
  controller: ["block"],
  drone: ["lstay"],
} as const satisfies Readonly<Record<Topology, readonly ("block" | "lstay")[]>>;
