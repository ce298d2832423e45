/** Every path below /run/clump: where the programs of one node leave their state for each other. */

/** Made by process 1 on a tmpfs; empty after each start of the machine. */
export const RUN_FOLDER = "/run/clump";

export const PATHS = {
  /** What process 1 knows of the node, as JSON; `node-status.ts`. */
  status: `${RUN_FOLDER}/status.json`,
  /** The cluster as clumpd sees it, as JSON; `cluster/view.ts`. */
  view: `${RUN_FOLDER}/cluster.json`,
  /** What the daemon of moves has moved and left, as JSON; absent until moves are used; `cluster/moves-report.ts`. */
  moves: `${RUN_FOLDER}/moves.json`,
  /** How long guests have to leave before the machine ends, and what stays, as JSON; `departure.ts`. */
  departure: `${RUN_FOLDER}/departure.json`,
  /** What a person at the screen wants then, one word. */
  departureAnswer: `${RUN_FOLDER}/departure.answer`,
  /** The node's number in its map. */
  node: `${RUN_FOLDER}/node`,
  /** Who may look at the node from another machine, as JSON for root alone; `access.ts`. */
  access: `${RUN_FOLDER}/access.json`,
  /** The same password as a VNC server reads it. */
  vncPassword: `${RUN_FOLDER}/vnc.password`,
  /** Salt and hash of the shell password; `lock.sh` reads them. */
  shellLock: `${RUN_FOLDER}/shell.lock`,
  /** Public keys of the kernel command line, for root alone; `ssh.sh` reads them. */
  sshKeys: `${RUN_FOLDER}/ssh.keys`,
  /** The control socket of process 1, for root alone. */
  initSocket: `${RUN_FOLDER}/init`,
  /** The control socket of clumpd, for root alone. */
  clumpdSocket: `${RUN_FOLDER}/control`,
  /** The kernel command line without its secrets; it covers /proc/cmdline. */
  commandLine: `${RUN_FOLDER}/cmdline`,
  /** The report's target with its password, for root alone. */
  reportTarget: `${RUN_FOLDER}/report.target`,
  /** The first lines of process 1 since the start, as `dmesg -r` prints lines: the kernel's log may have lost them. */
  bootLog: `${RUN_FOLDER}/boot.log`,
  /** The newest report. */
  report: `${RUN_FOLDER}/report.txt`,
  /** The virtual consoles whose font has blocks in eighths. */
  fineConsoles: `${RUN_FOLDER}/fine-consoles`,
  /** There while shares of `clump.mount=` are missing; `slurm.sh` waits for them. */
  sharesPending: `${RUN_FOLDER}/shares.pending`,
  /** Where a CD or USB stick with a system is mounted. */
  medium: `${RUN_FOLDER}/medium`,
  /** Where a CD or USB stick with the tools is mounted. */
  toolsMedium: `${RUN_FOLDER}/tools-medium`,
  /** Where a USB disk that takes a report is mounted. */
  usbDisk: `${RUN_FOLDER}/usb`,
} as const;
