/** A node of Slurm that dies, one that waits for its jobs, and a controller that is away, or too new. */

import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import type { CpioEntry } from "../../../assets/build/cpio.ts";
import { findAccelerator } from "../../../assets/qemu/accelerator.ts";
import { timeFactor, type Vm } from "../../../assets/qemu/vm.ts";
import { bootMember, secondsUntil, startLan, startMember } from "../../lib/cluster.ts";
import { leaveByEscape } from "../../lib/escape.ts";
import { BOOT, CONFIGURED, SOON } from "../../lib/node.ts";
import { output } from "../../lib/shell.ts";
import {
  controllerPrograms,
  layOutController,
  newerPrograms,
  slurmInitrd,
  startController,
  stopController,
} from "./controller.ts";

/** There is no clump.key=: the munge key comes from the boot medium. */
const APPEND = "clump.balance=off clump.slurm=192.168.7.1 clump.slurm.leave=wait";
const KEY: CpioEntry = { path: "munge.key", type: "file", mode: 0o400, bytes: randomBytes(1024) };
const SLURM = 60;

/** Seconds from the lease until Slurm has the node for idle: 5 on a PC, and an emulated one shares a slow processor. */
const IDLE = { kvm: 5, tcg: 25 };

/** Ends with status 0 at SIGUSR1. */
const JOB = ["trap exit USR1", "while :; do sleep 1; done"];

test("Slurm misses a node that dies, and a node that leaves waits for its job", async () => {
  using lan = startLan();
  using withControllers = await slurmInitrd([
    KEY,
    ...(await controllerPrograms()),
    ...(await newerPrograms()),
  ]);
  using plain = await slurmInitrd([KEY]);
  await using machines = new AsyncDisposableStack();
  const first = machines.use(
    await bootMember(1, lan.path, {
      append: `expert ${APPEND}`,
      memoryMegabytes: 768,
      initrd: withControllers.path,
    }),
  );
  const bootSecond = async () =>
    machines.use(
      await startMember(2, lan.path, { append: APPEND, memoryMegabytes: 512, initrd: plain.path }),
    );
  const nodesAre = (wanted: RegExp) => secondsUntil(first, "sinfo -h -N -o '%n %T'", wanted, SLURM);
  const screenSays = (wanted: RegExp) => secondsUntil(first, "clumpview --once", wanted, SLURM);

  await layOutController(first);
  await startController(first);
  let second = await bootSecond();
  await second.console.expect(CONFIGURED, { within: 2 * BOOT.within });
  const seconds = await nodesAre(/node2 idle/);
  console.log(`idle after ${seconds.toFixed(1)} s`);
  expect(seconds).toBeLessThan(IDLE[await findAccelerator()] * timeFactor());
  // Power is cut. The same node boots again.
  await second[Symbol.asyncDispose]();
  await nodesAre(/node2 down\*/);
  second = await bootSecond();
  await nodesAre(/node2 idle/);

  // Somebody deletes one node, and the other one is still drained as one that has left. Both take jobs again by themselves.
  await output(first, "scontrol delete nodename=node2");
  await output(first, 'scontrol update nodename=node1 state=drain reason="the node shuts down"');
  await nodesAre(/node1 idle\nnode2 idle/);

  await waitsForItsJob(first, second);
  await nodesAre(/^node1 idle\n$/);

  // The controller is away, and comes back.
  await stopController(first);
  await screenSays(/the controller 192\.168\.7\.1 does not answer/);
  await startController(first);
  await screenSays(/slurm +idle/);
  expect(await output(first, "srun hostname")).toBe("node1\n");

  // A controller that is too new is named, and the node stays a node.
  await stopController(first);
  await layOutController(first, "newer");
  await startController(first, "newer");
  await screenSays(/192\.168\.7\.1 has version 24\.11, and one of 22\.05, 23\.02, 23\.11 was wanted/);
  expect(await output(first, "clump nodes")).toMatch(/192\.168\.7\.1 .* up /);
}, 1_500_000);

/** ESC at the second node, while it has a job. */
async function waitsForItsJob(first: Vm, second: Vm): Promise<void> {
  await output(first, `printf '%s\\n' '#!/bin/sh' ${JOB.map((line) => `'${line}'`).join(" ")} >/tmp/job.sh`);
  await output(first, "sbatch --parsable -w node2 -D /tmp -o /dev/null /tmp/job.sh >/tmp/id");
  await secondsUntil(first, "squeue -h -o '%t %N'", /^R node2$/m, SLURM);
  await leaveByEscape(second);
  await second.console.expect(/node 2 shuts down: it waits for its jobs of Slurm/, SOON);
  // Another job for this node is not begun, neither now nor when the node has become free.
  await secondsUntil(first, "sinfo -h -n node2 -o %T", /^draining$/m, SLURM);
  await output(first, "sbatch --parsable -w node2 -D /tmp -o /dev/null /tmp/job.sh >/tmp/other");
  await output(first, "scancel --batch -s USR1 $(cat /tmp/id)");
  expect(await second.ended({ within: SLURM })).toBe("guest-shutdown");
  expect(await output(first, "scontrol show job $(cat /tmp/id)")).toMatch(/JobState=COMPLETED/);
  expect(await output(first, "squeue -h -j $(cat /tmp/other) -o %t")).toBe("PD\n");
  await output(first, "scancel $(cat /tmp/other)");
}
