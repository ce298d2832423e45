/** The contents of the image, as data. */

import { ARCHIVES, ARCHIVES_BESIDE } from "../archives/archives.ts";
import { LIBRARIES_LEFT_OUT } from "../archives/desktop.ts";
import type { PackageNames } from "../packages/packages.ts";

export const PACKAGES: PackageNames = {
  kernel: "linux-image-amd64",
  userland: [
    ...["busybox-static", "coreutils", "kmod", "libc6", "pci.ids", "pciutils", "usbutils"],
    ...[...ARCHIVES, ...ARCHIVES_BESIDE].flatMap(({ packages }) => packages),
  ],
  leftOut: LIBRARIES_LEFT_OUT,
  /** Those that hold firmware of Ethernet cards, in one suite or another. */
  firmware: [
    "firmware-bnx2",
    "firmware-bnx2x",
    "firmware-cavium",
    "firmware-intel-misc",
    "firmware-linux-free",
    "firmware-mediatek",
    "firmware-misc-nonfree",
    "firmware-myricom",
    "firmware-netronome",
    "firmware-netxen",
    "firmware-qlogic",
    "firmware-realtek",
  ],
};

/** Those of the firmware packages that are free. */
export const FREE_FIRMWARE = ["firmware-linux-free"];

/** Where our program lies, and the names it answers to. */
export const PROGRAM = "usr/lib/clump/clump";
/** Where the first stage mounts the pages of the program that a boot reads. */
export const HOT_PAGES = "usr/lib/clump/hot-pages";
/** A file that names this build: a guest sees the /usr of its node where that of its home has the same name. */
export const IMAGE_NAME = "usr/lib/clump/image";
export const PROGRAM_NAMES = [
  ...["usr/sbin/init", "usr/sbin/clumpd", "usr/sbin/setpe", "usr/bin/clump", "usr/bin/clumpview"],
  ...[
    "usr/sbin/clumpserve",
    "usr/sbin/clumpvnc",
    "usr/sbin/clumpweb",
    "usr/bin/man",
    "usr/bin/menu",
    "usr/bin/mosctl",
    "usr/bin/mosmon",
  ],
  ...["usr/bin/showmap", "usr/sbin/clumpjobs", "usr/bin/migrate", "usr/bin/mps", "usr/bin/mtop"],
];

export const USERLAND_FILES = [
  { package: "busybox-static", from: "bin/busybox", to: "usr/bin/busybox" },
  // Those of coreutils that busybox has not.
  { package: "coreutils", from: "bin/nohup", to: "usr/bin/nohup" },
  { package: "kmod", from: "bin/kmod", to: "usr/bin/kmod" },
  { package: "kmod", from: "lib/modprobe.d/aliases.conf", to: "usr/lib/modprobe.d/aliases.conf" },
  { package: "pciutils", from: "bin/lspci", to: "usr/bin/lspci" },
  { package: "pci.ids", from: "share/misc/pci.ids", to: "usr/share/misc/pci.ids" },
  { package: "usbutils", from: "bin/lsusb", to: "usr/lib/clump/lsusb" },
];

/** What kmod does under each of its names. */
export const KMOD_NAMES = ["depmod", "insmod", "lsmod", "modinfo", "modprobe", "rmmod"];

/** Applets of busybox without a place here: package tools, other inits, and what our own program does. */
export const APPLETS_LEFT_OUT = [
  "acpid",
  "busybox",
  "crond",
  "crontab",
  "dpkg",
  "dpkg-deb",
  "dumpleases",
  "ifdown",
  "ifup",
  "init",
  "linuxrc",
  "mim",
  "rdate",
  "rpm",
  "rpm2cpio",
  "run-init",
  "udhcpc",
  "udhcpd",
];

/** Applets that administrators look for in /usr/sbin. */
export const SBIN_APPLETS = ["halt", "ifconfig", "poweroff", "reboot", "route", "switch_root", "sulogin"];

export interface ModuleGroup {
  /** Prints in the size table. */
  readonly name: string;
  /** Folders below kernel/drivers, with all they hold. */
  readonly folders: readonly string[];
  /** Single modules; built into the kernel will do as well. */
  readonly modules: readonly string[];
  /** Whether the firmware they ask for goes along. */
  readonly firmware: boolean;
}

export const MODULE_GROUPS: readonly ModuleGroup[] = [
  {
    name: "network",
    // No module depends on a PHY driver: a NIC's driver asks for the id that the PHY reports (mdio: aliases).
    folders: ["net/ethernet", "net/phy", "net/mdio", "net/pcs", "net/usb", "net/vmxnet3", "net/hyperv"],
    modules: [
      "virtio_net",
      "virtio_pci",
      "virtio_mmio",
      "xen_netfront",
      "xen_pcifront",
      "yenta_socket",
      "af_packet",
      "8021q",
      "bonding",
      "bridge",
    ],
    firmware: true,
  },
  {
    name: "keyboards and USB",
    folders: ["hid/usbhid"],
    modules: [
      ...["i8042", "atkbd", "hyperv_keyboard", "virtio_input", "evdev"],
      ...["xhci_pci", "ehci_pci", "ohci_pci", "uhci_hcd"],
      ...["hid_generic", "hid_apple", "hid_asus", "hid_belkin", "hid_cherry", "hid_chicony", "hid_corsair"],
      ...[
        "hid_cypress",
        "hid_ezkey",
        "hid_gembird",
        "hid_holtek_kbd",
        "hid_hyperv",
        "hid_ite",
        "hid_keytouch",
      ],
      ...[
        "hid_lenovo",
        "hid_lg_g15",
        "hid_logitech",
        "hid_logitech_dj",
        "hid_logitech_hidpp",
        "hid_microsoft",
      ],
      ...[
        "hid_monterey",
        "hid_ortek",
        "hid_petalynx",
        "hid_primax",
        "hid_redragon",
        "hid_samsung",
        "hid_semitek",
      ],
      ...["hid_sunplus", "hid_topseed"],
    ],
    firmware: false,
  },
  {
    // To give the CD back: drives and their controllers.
    name: "CD drives",
    folders: [],
    modules: [
      ...["sr_mod", "usb_storage", "uas", "ahci", "ata_piix", "ata_generic", "pata_acpi", "pata_amd"],
      ...[
        "pata_atiixp",
        "pata_jmicron",
        "pata_marvell",
        "pata_sis",
        "pata_via",
        "sata_nv",
        "sata_sis",
        "sata_via",
      ],
    ],
    firmware: false,
  },
  {
    // To carry a report away, and to take serve.img from the medium; none of these is loaded before a person asks for that.
    name: "USB disks and CDs",
    folders: [],
    modules: ["sd_mod", "isofs", "vfat", "exfat", "nls_ascii", "nls_cp437", "nls_utf8"],
    firmware: false,
  },
  {
    // For a disk or a share that a person mounts; a node mounts none by itself.
    name: "disks and shares",
    folders: [],
    modules: ["nvme", "virtio_blk", "ext4", "nfs", "nfsv3", "nfsv4", "overlay"],
    firmware: false,
  },
  {
    // For criu(8), the view of another node's files (FUSE), and WireGuard; loaded when the first process moves.
    name: "moves",
    folders: [],
    modules: [
      ...["nf_tables", "crc32c_generic", "libcrc32c", "nfnetlink", "veth", "unix_diag", "inet_diag"],
      ...["tcp_diag", "udp_diag", "raw_diag", "netlink_diag", "af_packet_diag"],
      ...["autofs4", "fuse", "wireguard"],
    ],
    firmware: false,
  },
  {
    name: "system",
    folders: [],
    modules: ["button", "loop", "sha256_ssse3", "squashfs"],
    firmware: false,
  },
];

/** Modules of the folders above that are no PC's Ethernet: switch chips, and modems of the mobile networks. */
export const MODULES_LEFT_OUT = [
  ...["mlxsw_core", "mlxsw_i2c", "mlxsw_minimal", "mlxsw_pci", "mlxsw_spectrum", "prestera", "prestera_pci"],
  ...["cdc_mbim", "cdc_phonet", "hso", "huawei_cdc_ncm", "lg_vl600", "qmi_wwan", "sierra_net"],
];

/** The modules that the first stage inserts, in this order. */
export const FIRST_STAGE_MODULES = ["sha256-ssse3", "loop", "squashfs"];

/**
 * Names of files of the system that every boot reads before the node has its address, and a boot of a virtual machine:
 * unpacking them takes longer than reading them.
 */
export const PLAIN_FILES = [
  ...[
    "ld-linux-x86-64.so.2",
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "modules.alias",
    "modules.inserts",
    "insert",
  ],
  ...["virtio", "virtio_ring", "virtio_pci", "virtio_pci_legacy_dev", "virtio_pci_modern_dev"].map(module),
  ...["failover", "net_failover", "virtio_net"].map(module),
];

function module(name: string): string {
  return `${name}.ko`;
}

/** Firmware left out although Debian has it, by the start of its name. */
export const FIRMWARE_LEFT_OUT = [
  {
    prefix: "netronome/",
    why: "its cards are programmable accelerators, and it is as large as half the modules",
  },
];
