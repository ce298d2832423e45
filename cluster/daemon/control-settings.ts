/** The verbs of mosctl that change this node, in the words of openMosix-tools 0.3.6. */

import { TOPOLOGIES, TOPOLOGY_SETTINGS, type Topology } from "../balance/switch.ts";
import type { ControlContext, Reply } from "./control-context.ts";
import type { Setting } from "./own-state.ts";

interface Switch {
  readonly setting: Setting;
  readonly isOn: boolean;
  /** The answer. */
  readonly text: string;
  /** The answer where the setting is so already; the real mosctl has one for `stay` alone. */
  readonly already?: string;
}

const STAY: Switch = {
  setting: "stay",
  isOn: true,
  text: "Automatic load-balancing disabled: no processes will leave This node\n(except by an explicit request)",
  already: "Automatic load-balancing already disabled.",
};

const NO_STAY: Switch = {
  setting: "stay",
  isOn: false,
  text: "automatic load-balancing re-enabled.",
  already: "automatic load-balancing already enabled.",
};

const settled = (setting: Setting, isOn: boolean, text: string): Switch => ({ setting, isOn, text });

const NO_LSTAY = settled("lstay", false, "Local processes may now leave the node automatically.");
const NO_BLOCK = settled("block", false, "Remote processes now allowed in.");
const NO_QUIET = settled("quiet", false, "Load balancing activity now resumed.");
const NO_MFS = settled("nomfs", true, "MFS access to this node now disallowed.");
const MFS = settled("nomfs", false, "MFS access to this node now allowed.");

/** What each verb sets. A dash before a verb is the opposite of the verb. */
const SWITCHES: Readonly<Record<string, Switch>> = {
  stay: STAY,
  nostay: NO_STAY,
  "-stay": NO_STAY,
  lstay: settled("lstay", true, "No local processes will leave the node automatically."),
  nolstay: NO_LSTAY,
  "-lstay": NO_LSTAY,
  block: settled("block", true, "Remote processes will not be allowed in here."),
  noblock: NO_BLOCK,
  "-block": NO_BLOCK,
  quiet: settled("quiet", true, "Load-balancing activity is now shut-down (for fine-timing measurements)"),
  noquiet: NO_QUIET,
  "-quiet": NO_QUIET,
  nomfs: NO_MFS,
  "-mfs": NO_MFS,
  mfs: MFS,
  "-nomfs": MFS,
};

const HIGHEST_SPEED = 10_000_000;

/** The settings of which a topology has some; a node that is changed to it has these and no others. */
const TOPOLOGY_PARTS = ["block", "lstay"] as const;

export const SETTING_VERBS: readonly string[] = [...Object.keys(SWITCHES), "setspeed", "topology"];

/** Changes a setting of this node, or its speed. */
export function answerSetting(verb: string, argument: string | undefined, context: ControlContext): Reply {
  const change = Object.hasOwn(SWITCHES, verb) ? SWITCHES[verb] : undefined;
  if (verb === "topology") return answerTopology(argument, context);
  if (change === undefined) return setSpeed(argument, context);
  const state = context.state();
  const { setting, isOn, text, already } = change;
  if (already !== undefined && state.settings.has(setting) === isOn) return { text: already, code: 0 };
  const settings = new Set(state.settings);
  if (isOn) settings.add(setting);
  else settings.delete(setting);
  context.setState({ ...state, settings });
  return { text, code: 0 };
}

/** As openMosix does, 0 leaves the speed as it is. */
function setSpeed(argument: string | undefined, { state, setState }: ControlContext): Reply {
  const speed = /^\d{1,8}$/.test(argument ?? "") ? Number(argument) : -1;
  if (speed < 0 || speed > HIGHEST_SPEED) {
    const given = argument === undefined ? "nothing" : `"${argument}"`;
    const text = `Cannot set the speed: ${given} was given, and 1 to ${HIGHEST_SPEED} was wanted`;
    return { text, code: 1 };
  }
  if (speed > 0) setState({ ...state(), speed, isSpeedKnown: true });
  return { text: "", code: 0 };
}

/** Shows what this node is in the topologies of omuscd, or makes it that. */
function answerTopology(argument: string | undefined, { state, setState }: ControlContext): Reply {
  const { settings } = state();
  const others = [...settings].filter((setting) => !TOPOLOGY_PARTS.some((part) => part === setting));
  const settingsOf = (topology: Topology) => new Set<Setting>([...others, ...TOPOLOGY_SETTINGS[topology]]);
  if (argument === undefined) {
    const now = TOPOLOGIES.find((each) => settingsOf(each).symmetricDifference(settings).size === 0);
    return { text: now ?? "none: block and lstay are set", code: 0 };
  }
  const topology = TOPOLOGIES.find((each) => each === argument);
  if (topology === undefined) {
    const text = `Cannot make this node "${argument}": one of ${TOPOLOGIES.join(", ")} was wanted`;
    return { text, code: 1 };
  }
  setState({ ...state(), settings: settingsOf(topology) });
  return { text: topology, code: 0 };
}
