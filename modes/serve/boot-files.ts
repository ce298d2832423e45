/** The boot file of each kind of firmware; iPXE counts as a firmware, and UEFI gets iPXE. */
export const BOOT_FILES = { bios: "pxelinux.0", uefi: "ipxe.efi", ipxe: "boot.ipxe" } as const;
