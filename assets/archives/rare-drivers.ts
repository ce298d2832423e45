/** Drivers of network cards for data centres or of the 1990s, and their firmware: on most PCs never loaded. */

import { RARE_DRIVERS_FILES } from "../../modes/rare-drivers/rare-drivers-files.ts";
import type { Archive } from "./archive.ts";

const DRIVERS = "lib/modules/*/kernel/drivers/net/ethernet";
const VENDORS = [
  ...["brocade", "cavium", "chelsio", "cisco", "dec", "emulex", "huawei"],
  ...["mellanox", "myricom", "neterion", "netronome", "qlogic", "sfc"],
];
/** Of vendors whose other cards are in PCs. */
const SINGLE = ["broadcom/bnx2x", "broadcom/bnxt", "intel/i40e", "intel/iavf", "intel/ice"];

/** Firmware that these drivers alone ask for. */
const FIRMWARE = [
  "bnx2x",
  "ct*fw-*.bin",
  "cxgb3",
  "cxgb4",
  "intel",
  "liquidio",
  "myri10ge_*.dat",
  "phanfw.bin",
  "qed",
];

/**
 * Packed tighter than the system: the first driver of it takes longer to unpack. It stands last in the initramfs, where a
 * node finds it again, and its name sorts behind those of the others.
 */
export const RARE_DRIVERS: Archive = {
  name: RARE_DRIVERS_FILES.name,
  packages: [],
  files: [],
  moved: [
    ...[...VENDORS, ...SINGLE].map((name) => `${DRIVERS}/${name}`),
    ...FIRMWARE.map((name) => `lib/firmware/${name}`),
  ],
  ownFiles: {},
  packing: "tight",
};
