/** What each kind of firmware is told to fetch; iPXE is a firmware too, and the one that UEFI is given. */
export const BOOT_FILES = { bios: "pxelinux.0", uefi: "ipxe.efi", ipxe: "boot.ipxe" } as const;
