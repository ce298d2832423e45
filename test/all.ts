/** `npm test`: runs every suite in order, also after a suite that failed; arguments are names of suites to run. */

import { mkdirSync } from "node:fs";
import type { BunFile } from "bun";
import { readOptions, runScript } from "../assets/command-line/options.ts";
import { ensureImage } from "../assets/image/ensure.ts";
import { findAccelerator } from "../assets/qemu/accelerator.ts";
import { failuresIn, readJunit, type Tally } from "./lib/junit.ts";
import { chooseSuites, type Suite } from "./suites.ts";

const REPORTS = "dist/test";
const NEEDS_IMAGE = "vm";

/** The factor of all limits of emulated machines: two machines share two processors with the tests. */
const MACHINE_TIME = "1.5";

interface Outcome extends Tally {
  readonly failures?: readonly string[];
}

interface Result extends Outcome {
  readonly suite: string;
  readonly seconds: number;
}

/** Runs that suite, and what runs beside it, whose output comes behind. */
async function runWithBesides(suite: Suite): Promise<Result[]> {
  const besides = suites.filter(({ beside }) => beside === suite.name);
  const running = besides.map(async (each) => {
    const log = Bun.file(`${REPORTS}/${each.name}.log`);
    return { log, result: await runSuite(each, log) };
  });
  const results = [await runSuite(suite, "inherit")];
  for (const { log, result } of await Promise.all(running)) {
    console.log(`\n== ${result.suite}\n${await log.text()}`);
    results.push(result);
  }
  return results;
}

async function runSuite(suite: Suite, output: "inherit" | BunFile): Promise<Result> {
  if (output === "inherit") console.log(`\n== ${suite.name}`);
  const start = performance.now();
  const tally = await attempt(suite, output).catch((error: Error) => {
    console.error(error.message);
    return { passed: 0, failed: 1 };
  });
  return { suite: suite.name, seconds: (performance.now() - start) / 1000, ...tally };
}

async function attempt(
  { name, command, folders, mostlyWaits }: Suite,
  output: "inherit" | BunFile,
): Promise<Outcome> {
  if (mostlyWaits && suites.some(needsImage)) packing ??= packImage();
  if (needsImage({ name })) {
    await packed();
    // Where the packing has failed, a second attempt says why.
    await ensureImage();
  }
  // Each file of tests would look for itself, and a KVM that hangs takes its time to be told.
  const accelerator = needsImage({ name }) ? { VM_ACCEL: await findAccelerator() } : {};
  const report = `${REPORTS}/${name}.xml`;
  const place = folders ? [...folders, "--reporter=junit", `--reporter-outfile=${report}`] : [];
  const child = Bun.spawn([...command, ...place], {
    stdio: ["ignore", output, output],
    env: { VM_TIME: MACHINE_TIME, ...accelerator, ...process.env },
  });
  const ok = (await child.exited) === 0;
  if (folders === undefined) return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const xml = await Bun.file(report).text();
  return { ...readJunit(xml, { ok }), failures: failuresIn(xml) };
}

function needsImage({ name }: Pick<Suite, "name">): boolean {
  return name === NEEDS_IMAGE;
}

/** Packs the image and its media in the time that other programs leave of the processors. */
async function packImage(): Promise<void> {
  await runBeside("test/prepare.ts");
  // A test that needs such a disk waits for it.
  void runBeside("test/vm/workstation/prepare.ts");
}

async function runBeside(program: string): Promise<void> {
  const command = ["nice", process.execPath, program];
  await Bun.spawn(command, { stdio: ["ignore", "ignore", "ignore"] }).exited;
}

async function packed(): Promise<void> {
  if (packing && Bun.peek.status(packing) === "pending")
    console.log("Waiting for the image and its media, which are still being packed");
  await packing;
}

/** Again at the end: a long output is often kept in part. */
function printFailures(results: readonly Result[]): void {
  for (const { suite, failures = [] } of results)
    for (const failure of failures) console.log(`\n${suite}: ${failure.replaceAll("\n", "\n  ")}`);
}

function printTable(results: readonly Result[]): void {
  console.log(`\n${"suite".padEnd(8)}${"passed".padStart(8)}${"failed".padStart(8)}${"seconds".padStart(9)}`);
  for (const { suite, passed, failed, seconds } of results) {
    const columns = [String(passed).padStart(8), String(failed).padStart(8), seconds.toFixed(1).padStart(9)];
    console.log(suite.padEnd(8) + columns.join(""));
  }
}

let packing: Promise<void> | undefined;
let suites: readonly Suite[] = [];
await runScript(async () => {
  const script = { call: "npm test", usage: "[suite...]", does: "Runs every check, or these suites." };
  suites = chooseSuites(
    readOptions({ ...script, options: {}, words: Infinity }, process.argv.slice(2)).words,
  );
  mkdirSync(REPORTS, { recursive: true });
  const results: Result[] = [];
  const isBeside = ({ beside }: Suite) => suites.some(({ name }) => name === beside);
  for (const suite of suites.filter((each) => !isBeside(each)))
    results.push(...(await runWithBesides(suite)));
  printFailures(results);
  printTable(results);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});
