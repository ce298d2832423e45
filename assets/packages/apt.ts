/** apt with a configuration of our own: its own lists and archives, works without root, checks signatures. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../build/run.ts";
import { type Paragraph, parseDeb822 } from "./deb822.ts";
import {
  deriveSources,
  formatSources,
  parseSourceLines,
  parseSources,
  type Source,
  type Wanted,
} from "./sources.ts";

export interface Apt {
  /** Fetches the package lists. @throws Error where no mirror answers */
  update(): Promise<void>;
  /** The records of the versions apt would install; names it does not know are left out. */
  records(names: readonly string[]): Promise<Paragraph[]>;
  /** Fetches `name=version` packages into a folder; `onProgress` gets 0 to 1. @throws Error */
  download(packages: readonly string[], folder: string, onProgress: (done: number) => void): Promise<void>;
}

const ETC_APT = "/etc/apt";

/** Makes the private apt in `folder`, from the machine's sources or others, and with its proxies and preferences. */
export async function createApt(folder: string, wanted: Wanted, sources?: readonly Source[]): Promise<Apt> {
  for (const name of ["lists/partial", "archives/partial"])
    mkdirSync(join(folder, name), { recursive: true });
  const text = formatSources(sources ?? (await debianSources(wanted)));
  writeFileSync(join(folder, "debian.sources"), text);
  writeFileSync(join(folder, "status"), "");
  writeFileSync(join(folder, "apt.conf"), configuration(folder, wanted));
  const options = ["-c", join(folder, "apt.conf"), "-q"];

  return {
    async update() {
      await run("fetch Debian's package lists", ["apt-get", ...options, "update", "--error-on=any"]);
    },
    async records(names) {
      // apt-cache fails as a whole when it knows none of the names.
      const text = await run("read the package lists", [
        "sh",
        "-c",
        'apt-cache "$@" 2>/dev/null || :',
        "sh",
        ...options,
        "show",
        "--no-all-versions",
        ...names,
      ]);
      return parseDeb822(text);
    },
    async download(packages, into, onProgress) {
      mkdirSync(into, { recursive: true });
      const command = ["apt-get", ...options, "-o", "APT::Status-Fd=1", "download", ...packages];
      const onLine = (line: string) => {
        const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
        if (percent !== undefined) onProgress(Number(percent) / 100);
      };
      await run("fetch Debian's packages", command, { cwd: into, onLine });
    },
  };
}

/** Debian's archives among the sources of this machine. @throws Error where there is none */
export async function debianSources(wanted: Wanted): Promise<Source[]> {
  return deriveSources(readMachineSources(ETC_APT), await knownOrigins(), wanted);
}

function readMachineSources(etc: string): Source[] {
  const folder = join(etc, "sources.list.d");
  const files = ["sources.list", ...list(folder).map((name) => join("sources.list.d", name))];
  return files.flatMap((name) => {
    if (name.endsWith(".sources")) return parseSources(read(join(etc, name)));
    return name.endsWith(".list") ? parseSourceLines(read(join(etc, name))) : [];
  });
}

/** What the machine's own apt knows of each archive's Origin; nothing where it has no lists. */
async function knownOrigins(): Promise<Map<string, string>> {
  const command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"];
  const text = await run("ask apt for its sources", command).catch(() => "");
  const pairs = [...text.matchAll(/^(\S+?)\/? (.+)$/gm)].map(
    ([, uri = "", origin = ""]) => [uri, origin] as const,
  );
  return new Map(pairs);
}

function configuration(folder: string, { suite }: Wanted): string {
  const settings: Readonly<Record<string, string>> = {
    "Dir::State": folder,
    "Dir::State::lists": "lists",
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": folder,
    "Dir::Cache::archives": "archives",
    "Dir::Etc::sourcelist": join(folder, "debian.sources"),
    "Dir::Etc::sourceparts": "/dev/null",
    "APT::Architecture": "amd64",
    "APT::Default-Release": suite ?? "",
    // A project in a home folder is closed to apt's own user, and what is fetched is checked all the same.
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::Retries": "2",
    "Acquire::http::Timeout": "20",
    "Acquire::https::Timeout": "20",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
  };
  const hooks = ["APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success"];
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  return [...hooks.map((name) => `#clear ${name};`), ...lines, ""].join("\n");
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
