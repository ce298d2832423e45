import type { CommandHelp } from "../../system/command-help.ts";

export const MENU_HELP: CommandHelp = {
  name: "menu",
  does: "asks what you want to do with this node, and does it",
};
