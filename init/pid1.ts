/** PID 1: boots the machine, waits for a request to end it, ends it. Whatever fails, PID 1 does not exit. */

import type { NetworkProbe } from "../probes/network.ts";
import { OwnChildren } from "../system/children.ts";
import { linux } from "../system/kernel/linux.ts";
import { KmsgLog } from "../system/log.ts";
import type { Machine } from "../system/machine.ts";
import { PATHS } from "../system/state/paths.ts";
import { createStep } from "../system/step.ts";
import { boot } from "./boot.ts";
import { emergency } from "./end/emergency.ts";
import { finish } from "./end/finish.ts";
import { EndRequest, listenToSignals, type ProcessEvents } from "./end/machine-end.ts";
import { Supervisor } from "./services/supervisor.ts";

/** Runs the machine; the promise never resolves on a real one. */
export async function runPid1(machine = realMachine(), events: ProcessEvents = process): Promise<void> {
  const { kernel, children, log } = machine;
  kernel.outliveSignals();
  const end = new EndRequest(log);
  const supervisor = new Supervisor({
    ...{ children, kernel, log },
    listen: kernel.listen,
    powerOff: ({ name }) => end.ask("power-off", name),
  });
  const rescue = rescuer(machine, { supervisor, end });

  events.on("SIGCHLD", children.reapOrphans);
  events.on("uncaughtException", rescue);
  events.on("unhandledRejection", rescue);
  listenToSignals(end, events);

  const background = new AbortController();
  const { signal } = background;
  let network: NetworkProbe | undefined;
  const started = (probe: NetworkProbe | undefined): void => {
    network = probe;
  };
  boot(machine, { supervisor, end, signal, started }).then(giveBackMemory).catch(rescue);
  const how = await end.requested;
  await finish(machine, how, {
    supervisor,
    async leave() {
      // A machine that restarts wants its address again.
      if (how !== "restart") await network?.release();
      background.abort();
    },
  });
}

function realMachine(): Machine {
  const log = new KmsgLog("clump", "", PATHS.bootLog);
  return {
    kernel: linux,
    root: "",
    children: new OwnChildren(linux),
    log,
    step: createStep(log, () => performance.now()),
  };
}

/** What the boot has read and dropped is worth more to the jobs of the cluster than to process 1. */
function giveBackMemory(): void {
  Bun.gc(true);
  Bun.shrink();
}

/** Shows the first failure alone: a second screen would paint over it. */
function rescuer(
  machine: Machine,
  context: Omit<Parameters<typeof emergency>[1], "error">,
): (error: unknown) => void {
  let rescued = false;
  return (error) => {
    if (rescued) return machine.log.error(String(error));
    rescued = true;
    void emergency(machine, { ...context, error });
  };
}
