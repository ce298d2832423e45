/** The boot file of each kind of firmware: BIOS and UEFI get iPXE, which counts as a firmware. */
export const BOOT_FILES = { bios: "undionly.kpxe", uefi: "ipxe.efi", ipxe: "boot.ipxe" } as const;
