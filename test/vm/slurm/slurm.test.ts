import { expect, test } from "bun:test";
import { bootMember, secondsUntil, startLan } from "../../lib/cluster.ts";
import { SOON } from "../../lib/node.ts";
import { output, run } from "../../lib/shell.ts";
import {
  fileServerPrograms,
  layOutController,
  slurmInitrd,
  startController,
  startFileServer,
} from "./controller.ts";

const ALICE = "clump.users=alice:x:1000:1000:Alice:/tmp:/bin/sh";
const APPEND = `expert clump.balance=off clump.key=room7 clump.slurm=192.168.7.1 clump.mount=nfs4:192.168.7.1:/home:/home ${ALICE}`;
const COMMANDS =
  "sacct salloc sattach sbatch sbcast scancel scontrol sinfo sprio squeue srun sstat munge unmunge";
/** Seconds for what Slurm does by itself: a new try of slurmd comes up to 30 s after the last one. */
const SLURM = 60;
/** A job that ends at once where it runs for the second time. */
const LONG_JOB = ['trap "" TERM', "hostname", '[ -n "$SLURM_RESTART_COUNT" ] || sleep 300', "echo ended"];

test("two nodes without any configuration take jobs of a Slurm controller that knows neither of them", async () => {
  using lan = startLan();
  using withController = await slurmInitrd(await fileServerPrograms());
  using plain = await slurmInitrd();
  await using machines = new AsyncDisposableStack();
  const boot = async (id: number, { path }: { readonly path: string }) =>
    machines.use(await bootMember(id, lan.path, { append: APPEND, memoryMegabytes: 512, initrd: path }));
  const [first, second] = await Promise.all([boot(1, withController), boot(2, plain)]);
  await layOutController(first);
  await startFileServer(first);
  const screenSays = (wanted: RegExp) => secondsUntil(second, "clumpview --once", wanted, SLURM);
  await screenSays(/the controller 192\.168\.7\.1 does not answer/);
  await startController(first);
  const nodesAre = (wanted: RegExp) => secondsUntil(first, "sinfo -h -N -o '%n %t %f'", wanted, SLURM);
  await nodesAre(/node1 idle .*\n?node2 idle /);
  expect(await output(second, "ls /etc/slurm 2>&1 || true")).toContain("No such file");
  expect(await output(first, "sinfo -h -N -n node2 -o %f")).toMatch(/^clump,x86-64-v\d,node2\n$/);
  expect((await output(first, "srun -N2 hostname")).split("\n").sort()).toEqual(["", "node1", "node2"]);
  await output(
    second,
    `for each in ${COMMANDS}; do $each --version >/dev/null || exit 1; done; munge -n | unmunge`,
  );

  expect(await output(first, "srun --uid=alice -D /tmp -w node2 id -un")).toBe("alice\n");
  await output(first, "echo a file >/home/file");
  expect(await output(second, "cat /home/file")).toBe("a file\n");
  expect((await output(second, "grep -c ' /home nfs4 ' /proc/mounts")).trim()).toBe("1");

  // An array of jobs writes its files there, on both nodes.
  await output(first, "mkdir /home/alice && chown 1000:1000 /home/alice");
  await output(first, "printf '#!/bin/sh\\nhostname\\n' >/tmp/job.sh; chmod 755 /tmp/job.sh");
  await output(first, "sbatch --uid=alice -D /home/alice -o /home/alice/out-%a -a 1-20 /tmp/job.sh");
  await secondsUntil(first, "squeue -h | wc -l", /^0$/m, SLURM);
  // The server of the test does not tell its clients of new names: the files are named.
  const written = await output(first, "for i in $(seq 20); do cat /home/alice/out-$i; done");
  expect(written.match(/^node[12]$/gm)).toHaveLength(20);
  expect(new Set(written.match(/^node[12]$/gm)).size).toBe(2);

  // The cluster leaves the processes of a job where Slurm has put them.
  await output(first, "srun -w node2 sleep 300 & true");
  await secondsUntil(second, "pidof sleep", /^\d+/, SLURM);
  const refused = await run(second, "migrate $(pidof sleep) 1");
  expect(refused.output).toContain("belongs to a job of Slurm");
  await output(first, "scancel -u root");
  // The controller has heard that the job is over: a slurmd that is killed before tells nobody.
  await nodesAre(/node1 idle .*\n?node2 idle /);

  // A wrong key is named; what is killed comes back with the right one, and takes jobs again.
  await output(
    second,
    "echo wrong key, which is 32 bytes long >/etc/munge/munge.key; kill -9 $(pidof munged slurmd)",
  );
  await screenSays(/the controller 192\.168\.7\.1 hangs up/);
  await output(second, "rm /etc/munge/munge.key; kill -9 $(pidof munged slurmd)");
  await screenSays(/slurm +idle/);
  expect(await output(first, "srun -w node2 hostname")).toBe("node2\n");

  // A job of a node that shuts down begins again on the other one. It takes its time to end, so that the screen is seen.
  await output(
    first,
    `printf '%s\\n' '#!/bin/sh' ${LONG_JOB.map((line) => `'${line}'`).join(" ")} >/tmp/long.sh`,
  );
  await output(first, "scontrol update nodename=node1 state=drain reason=test");
  await output(first, "sbatch --uid=alice -D /home/alice -o /home/alice/long /tmp/long.sh");
  await secondsUntil(second, "cat /home/alice/long", /^node2$/m, SLURM);
  await output(first, "scontrol update nodename=node1 state=resume");
  second.console.send("poweroff; clumpview\n");
  await second.console.expect(/node 2 shuts down: Slurm starts its jobs again on other nodes/, SOON);
  // The controller forgets the node.
  await secondsUntil(first, "sinfo -h -N -o %n", /^node1\n$/, SLURM);
  expect(await second.ended({ within: SLURM })).toBe("guest-shutdown");
  await secondsUntil(first, "cat /home/alice/long", /^node1\nended\n$/, SLURM);
}, 1_500_000);
