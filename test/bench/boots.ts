/** All boots of all contestants, and their tables. */

import { statSync } from "node:fs";
import type { NicModel } from "../../assets/qemu/nics.ts";
import type { Contestant } from "./contestants.ts";
import { findFloor } from "./floor.ts";
import { type Boot, measureBoot } from "./measure.ts";
import { median } from "./median.ts";
import { formatTable } from "./table.ts";

export const NICS: readonly NicModel[] = ["virtio-net-pci", "e1000", "rtl8139"];
export const MEMORY_MEGABYTES = 512;

export class Boots {
  readonly #contestants: readonly Contestant[];
  readonly #boots = new Map<string, Boot[]>();

  constructor(contestants: readonly Contestant[]) {
    this.#contestants = contestants;
  }

  /** Boots every contestant with every NIC, in turn, so that other load of this machine meets all alike. */
  async measure(rounds: number): Promise<void> {
    for (let round = 1; round <= rounds; round++) {
      for (const nic of NICS) {
        for (const contestant of this.#contestants) {
          const boot = await measureBoot(contestant, { nic, memoryMegabytes: MEMORY_MEGABYTES });
          const key = keyOf(contestant, nic);
          this.#boots.set(key, [...(this.#boots.get(key) ?? []), boot]);
          console.error(`round ${round}: ${key}: ${boot.fromStart.toFixed(2)} s`);
        }
      }
    }
  }

  /** The table of one NIC: times and memory of each contestant, and our time as a multiple of each. */
  formatNic(nic: NicModel): string {
    const ours = this.#median(this.#contestants[0]!, nic, ({ fromStart }) => fromStart);
    const rows = this.#contestants.map((each) => {
      const fromStart = this.#median(each, nic, (boot) => boot.fromStart);
      return [
        each.name,
        fromStart.toFixed(2),
        this.#median(each, nic, ({ fromInit }) => fromInit).toFixed(2),
        this.#median(each, nic, ({ megabytes }) => megabytes).toFixed(0),
        (ours / fromStart).toFixed(2),
      ];
    });
    const heads = [
      "VM start → address set, s",
      "Run /init → address set, s",
      "RAM used, MB",
      "clump is × of it",
    ];
    return formatTable([nic, ...heads], rows);
  }

  /** The median boot of a contestant with the first NIC. */
  typical(contestant: Contestant): Boot {
    const boots = this.#of(contestant, NICS[0]!).toSorted((a, b) => a.fromStart - b.fromStart);
    return boots[Math.floor(boots.length / 2)]!;
  }

  #median(contestant: Contestant, nic: NicModel, value: (boot: Boot) => number): number {
    return median(this.#of(contestant, nic).map(value));
  }

  #of(contestant: Contestant, nic: NicModel): readonly Boot[] {
    return this.#boots.get(keyOf(contestant, nic))!;
  }
}

/** The table of what each image takes: its size, and the smallest memory where `floor` asks for that. */
export async function formatCosts(contestants: readonly Contestant[], floor: boolean): Promise<string> {
  const rows: string[][] = [];
  for (const each of contestants) {
    const smallest = floor ? String(await findFloor(each)) : "not looked for";
    rows.push([each.name, (statSync(each.initrd).size / 1e6).toFixed(1), smallest]);
  }
  return formatTable(["image", "size, MB", "smallest -m, MB"], rows);
}

function keyOf({ name }: Contestant, nic: NicModel): string {
  return `${name} ${nic}`;
}
