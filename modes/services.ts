/** The table of services: what a node may keep running, and what switches each of them on. */

import { JOB_PROGRAMS } from "../cluster/jobs/paths.ts";
import { PATHS } from "../system/state/paths.ts";
import { CLUMPSERVE } from "./serve/serve-request.ts";
import type { Service, ServiceSetting } from "./service.ts";
import { shellCommand, shellService } from "./shell-service.ts";
import { SLURM_NODE } from "./slurm/slurm-request.ts";
import { virtualConsoleServices } from "./virtual-consoles.ts";

/** Display :0 of VNC: 5900 and the number of the display; RFC 6143 names the first. */
export const VNC_PORT = 5900;

/**
 * For daemons with little work: without the JIT compiler their memory halves. A garbage collection that runs beside the
 * program keeps up to 0.9 MB more and costs a thread; a small heap is collected in a few milliseconds. Bun looks for garbage
 * each 5 s, and not each second.
 */
const SMALL = {
  BUN_JSC_useJIT: "0",
  BUN_JSC_numberOfGCMarkers: "1",
  BUN_JSC_useConcurrentGC: "0",
  BUN_GC_TIMER_INTERVAL: "5000",
};

/** As SMALL, for daemons that call the kernel themselves: bun:ffi needs the compiler, which is there and has no work. */
const SMALL_WITH_CALLS = { ...SMALL, BUN_JSC_useJIT: "1", BUN_JSC_useBaselineJIT: "0" };

/** For a daemon that mostly waits: Bun looks for garbage each minute, and not each second. A heap that grows is collected all the same. */
const WAITS = { BUN_GC_TIMER_INTERVAL: "60000" };

/** Has a daemon report to the supervisor that it is ready. */
const READY_OPTION = ["--ready-fd", "3"];

export const SERVICES = {
  /** Keeps this node in its cluster. */
  clumpd: ({ discovery, control, balance, guests, topology }) => [
    {
      name: "clumpd",
      command: [
        ...["/usr/sbin/clumpd", ...READY_OPTION],
        ...(discovery === undefined ? [] : ["--discovery", discovery]),
        ...(balance === undefined ? [] : ["--balance", balance]),
        ...(guests === undefined ? [] : ["--guests", guests]),
        ...(topology === undefined ? [] : ["--topology", topology]),
        ...(control === undefined ? [] : ["--control", `${control.address}:${control.port}`]),
      ],
      environment: SMALL,
      reportsReady: true,
      whenDone: "start again",
    },
  ],

  /** Sends processes to other nodes, and takes theirs; a small program waits in its place until that is wanted. */
  clumpjobs: ({ jobs, root }) =>
    jobs === undefined
      ? []
      : [
          {
            name: "clumpjobs",
            command: [
              ...[JOB_PROGRAMS.wake, "ready=3", "--"],
              ...["/usr/sbin/clumpjobs", ...(jobs === "open" ? ["--open"] : [])],
              ...(root === "no" ? ["--no-root"] : []),
            ],
            environment: { ...SMALL_WITH_CALLS, ...WAITS },
            after: ["clumpd"],
            reportsReady: true,
            whenDone: "start again",
          },
        ],

  /** One process for all consoles, so that a node pays for one. Leaving it ends the node. */
  clumpview: ({ consoles }) => [
    {
      name: "clumpview",
      command: ["/usr/bin/clumpview", ...consoles.flatMap((console) => ["--console", console])],
      environment: SMALL,
      whenDone: "power off",
    },
  ],

  /** The desktop, from the first viewer until a minute after the last. Only a password gives a shell. */
  vnc: ({ access, locksShells }) => {
    if (access?.vnc === undefined) return [];
    const { password, vnc } = access;
    const hasShell = password !== undefined && vnc === "full";
    return [
      {
        name: "vnc",
        command: [
          "/usr/lib/clump/vnc",
          ...(password === undefined ? [] : ["--password-file", PATHS.vncPassword]),
          ...(vnc === "view" ? ["--view-only"] : []),
        ],
        ...(hasShell && { environment: { CLUMP_SHELL: shellCommand(locksShells).join(" ") } }),
        listens: VNC_PORT,
        whenDone: "start again",
      },
    ];
  },

  /** A login shell on every console. */
  shells: ({ consoles, locksShells }) => consoles.map((console) => shellService(console, locksShells)),

  /** A shell, the kernel's log and the boot's report on the other virtual consoles. */
  virtualConsoles: virtualConsoleServices,

  /** The boot server, which lets the other PCs of its network become nodes too. */
  clumpserve: ({ serve }) =>
    serve === undefined
      ? []
      : [
          {
            name: "clumpserve",
            command: [CLUMPSERVE, serve.pool.join(","), ...READY_OPTION],
            environment: SMALL,
            reportsReady: true,
            whenDone: "start again",
          },
        ],

  /** The ssh server, of the toolbox: it comes once the tools are there. */
  ssh: ({ ssh }) =>
    ssh === undefined
      ? []
      : [
          {
            name: "ssh",
            command: ["/usr/lib/clump/ssh", ...(ssh.takesFileAndPassword ? ["more"] : [])],
            whenDone: "start again",
          },
        ],

  /** Takes jobs of a Slurm cluster; munged proves to each of its machines who sent a request. */
  slurm: ({ slurm }) =>
    slurm === undefined
      ? []
      : [
          { name: "munged", command: [SLURM_NODE, "munged"], whenDone: "start again" },
          {
            name: "slurmd",
            command: [SLURM_NODE, "slurmd", slurm.controllers, slurm.leave],
            after: ["munged"],
            whenDone: "start again",
          },
        ],

  /** The web view and the metrics, on a TCP port of every address. It shows what clumpd sees. */
  clumpweb: ({ web }) =>
    web === undefined
      ? []
      : [
          {
            name: "clumpweb",
            command: ["/usr/sbin/clumpweb", "--port", String(web), ...READY_OPTION],
            environment: SMALL,
            after: ["clumpd"],
            reportsReady: true,
            whenDone: "start again",
          },
        ],
  /** Jobs that compute, for a demo of moves: `npm start -- --demo`. */
  demo: ({ demo }) =>
    demo === undefined
      ? []
      : [
          {
            name: "demo",
            // Its jobs move, and what belongs to no session cannot.
            command: ["/usr/bin/setsid", "/usr/bin/clump", "demo", "load", "3600", String(demo)],
            environment: SMALL_WITH_CALLS,
            after: ["clumpd", "clumpjobs"],
            whenDone: "start again",
          },
        ],
} as const satisfies Record<string, (setting: ServiceSetting) => readonly Service[]>;

export type ServiceName = keyof typeof SERVICES;

/** Services that `clump start` and `clump stop` know; the consoles belong to the person in front of them. */
export const SERVICES_BY_HAND = ["clumpd", "clumpserve"] as const satisfies readonly ServiceName[];

/** The services of these entries, in that order, as far as the setting switches them on. */
export function servicesOf(names: readonly ServiceName[], setting: ServiceSetting): Service[] {
  return names.flatMap((name): readonly Service[] => SERVICES[name](setting));
}
