/** The help of every program and every verb of clump, in the order of the documents. */

import { DEMO_HELP } from "../cluster/commands/demo-command.ts";
import { JOBS_HELP, MPS_HELP } from "../cluster/commands/jobs-command.ts";
import { MIGRATE_HELP } from "../cluster/commands/migrate.ts";
import { MOSCTL_HELP } from "../cluster/commands/mosctl-help.ts";
import { NODES_HELP } from "../cluster/commands/nodes-command.ts";
import { POWER_HELPS } from "../cluster/commands/power-help.ts";
import { SETPE_HELP } from "../cluster/commands/setpe-options.ts";
import { SHOWMAP_HELP } from "../cluster/commands/showmap.ts";
import { CLUMPD_HELP } from "../cluster/daemon/clumpd-options.ts";
import { MOSRUN_HELP } from "../cluster/jobs/mosrun-options.ts";
import { CLUMPJOBS_HELP } from "../cluster/jobs/options.ts";
import { CLUMPVIEW_HELP } from "../modes/clumpview/options.ts";
import { MENU_HELP } from "../modes/menu/help.ts";
import { ORDER_HELPS } from "../modes/menu/order.ts";
import { REPORT_HELP } from "../modes/report/options.ts";
import { CLUMPSERVE_HELP } from "../modes/serve/options.ts";
import { SLURM_HELP } from "../modes/slurm/command.ts";
import { TOOLS_HELP } from "../modes/tools/command.ts";
import { CLUMPVNC_HELP } from "../modes/vnc/options.ts";
import { CLUMPWEB_HELP } from "../modes/web/options.ts";
import type { CommandHelp } from "../system/command-help.ts";
import { CLUMP_HELP, HELP_HELP, MAN_HELP } from "./clump-help.ts";
import { INIT_HELP } from "./init.ts";
import {
  CLUMPSTATION_HELP,
  DOCTOR_HELP,
  JOIN_HELP,
  KEY_HELP,
  LEAVE_HELP,
  SERVE_HELP,
} from "./station/help.ts";

/** What a person types in a shell. */
export const COMMAND_HELPS: readonly CommandHelp[] = [
  CLUMP_HELP,
  NODES_HELP,
  JOBS_HELP,
  MIGRATE_HELP,
  MPS_HELP,
  MOSRUN_HELP,
  ...Object.values(POWER_HELPS),
  DEMO_HELP,
  ...Object.values(ORDER_HELPS),
  JOIN_HELP,
  SERVE_HELP,
  LEAVE_HELP,
  KEY_HELP,
  DOCTOR_HELP,
  SLURM_HELP,
  REPORT_HELP,
  TOOLS_HELP,
  { ...MENU_HELP, name: "clump menu" },
  HELP_HELP,
  MENU_HELP,
  CLUMPVIEW_HELP,
  { ...CLUMPVIEW_HELP, name: "mosmon", does: "the same as clumpview, under openMosix's name" },
  {
    ...CLUMPVIEW_HELP,
    name: "mtop",
    does: "shows what runs where: clumpview's page of jobs, under openMosix's name",
  },
  SETPE_HELP,
  SHOWMAP_HELP,
  MOSCTL_HELP,
  MAN_HELP,
];

/** Process 1, and the programs that process 1 starts. */
export const SERVICE_HELPS: readonly CommandHelp[] = [
  INIT_HELP,
  CLUMPD_HELP,
  CLUMPJOBS_HELP,
  CLUMPSERVE_HELP,
  CLUMPSTATION_HELP,
  CLUMPVNC_HELP,
  CLUMPWEB_HELP,
];
