/** Who listens on the ports that clump needs, from what ss(8) says. */

/** What other nodes ask for (docs/security.md). */
export const PORTS: readonly {
  readonly protocol: "udp" | "tcp";
  readonly port: number;
  readonly what: string;
}[] = [
  { protocol: "udp", port: 1334, what: "discovery" },
  { protocol: "udp", port: 5430, what: "gossip" },
  { protocol: "tcp", port: 5432, what: "the door of moves" },
];

export interface Listener {
  readonly protocol: string;
  readonly port: number;
  /** "postgres"; absent where only root is told, and for the kernel. */
  readonly program?: string;
}

/** Words of ss(8): sockets that listen, with their programs, numbers in place of names, and no heading. */
export const SS = ["/usr/bin/ss", "-Hlntup"] as const;

const ANYWHERE = ["0.0.0.0", "*", "[::]"];

/** Reads its lines; what listens on another address than the node's, the loopback for one, is in nobody's way. */
export function parseListeners(said: string, own: string | undefined): Listener[] {
  return said.split("\n").flatMap((line) => {
    const [protocol = "", , , , local = ""] = line.trim().split(/\s+/);
    const [, address = "", port] = /^(.*?)(?:%[^:]*)?:(\d+)$/.exec(local) ?? [];
    if (port === undefined || ![...ANYWHERE, own].includes(address)) return [];
    const program = /users:\(\("([^"]+)"/.exec(line)?.[1];
    return [{ protocol, port: Number(port), ...(program !== undefined && { program }) }];
  });
}

/** The program that has a port in the place of clump's, where one is named. */
export function findThief(
  listeners: readonly Listener[],
  { protocol, port }: (typeof PORTS)[number],
): string | undefined {
  const found = listeners.filter((each) => each.protocol === protocol && each.port === port);
  return found.map(({ program }) => program).find((program) => program && !program.startsWith("clump"));
}
