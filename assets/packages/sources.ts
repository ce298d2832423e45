/** The build's own apt sources, derived from those of the machine. */

import { type Paragraph, parseDeb822 } from "./deb822.ts";

/** One source of sources.list(5), in either format. */
export interface Source {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Every other field by its deb822 name in lower case, as "signed-by". */
  readonly options: ReadonlyMap<string, string>;
}

export interface Wanted {
  /** Without the packages of non-free-firmware. */
  readonly free: boolean;
  /** A suite beside those of the machine, as "bookworm-backports". */
  readonly suite?: string | undefined;
}

export const DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Reads a `.sources` file; disabled sources are left out. */
export function parseSources(text: string): Source[] {
  return parseDeb822(text)
    .filter((paragraph) => paragraph.get("enabled")?.toLowerCase() !== "no")
    .map(sourceOfParagraph);
}

function sourceOfParagraph(paragraph: Paragraph): Source {
  const words = (field: string) => paragraph.get(field)?.split(/\s+/).filter(Boolean) ?? [];
  const own = new Set(["types", "uris", "suites", "components", "enabled"]);
  return {
    types: words("types"),
    uris: words("uris"),
    suites: words("suites"),
    components: words("components"),
    options: new Map([...paragraph].filter(([field]) => !own.has(field))),
  };
}

/** deb822 names of the one-line format's options, where they differ by more than case (sources.list(5)). */
const OPTION_NAMES: Readonly<Record<string, string>> = { arch: "architectures", lang: "languages" };

/** Reads a `.list` file of lines as `deb [signed-by=…] uri suite component…`. */
export function parseSourceLines(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const parts = /^\s*(deb(?:-src)?)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+([^#\s]+)([^#]*)/.exec(line);
    if (parts === null) return [];
    const [, type = "", options = "", uri = "", suite = "", components = ""] = parts;
    const pairs = [...options.matchAll(/([^\s=]+)=(\S+)/g)].map(([, name = "", value = ""]) => {
      const key = name.toLowerCase();
      return [OPTION_NAMES[key] ?? key, value.replaceAll(",", " ")] as const;
    });
    const components_ = components.split(/\s+/).filter(Boolean);
    return [
      { types: [type], uris: [uri], suites: [suite], components: components_, options: new Map(pairs) },
    ];
  });
}

/**
 * Keeps Debian's own archives, with the firmware component and the extra suite added.
 * `origins` says what apt knows of an archive's Origin, by its URI without the last slash.
 * @throws Error where no archive of Debian is left
 */
export function deriveSources(
  machine: readonly Source[],
  origins: ReadonlyMap<string, string>,
  wanted: Wanted,
): Source[] {
  const debian = machine.filter((source) => source.types.includes("deb") && isDebian(source, origins));
  if (debian.length === 0) {
    throw new Error(
      "Cannot take packages: none of this machine's apt sources is Debian's, and one was wanted",
    );
  }
  const { suite } = wanted;
  const base = suite?.split("-")[0] ?? "";
  if (suite !== undefined && !debian.some((source) => source.suites.includes(base))) {
    const suites = debian.flatMap((source) => source.suites).join(", ");
    throw new Error(`Cannot add the suite ${suite}: this machine has ${suites}, and ${base} was wanted`);
  }
  return debian.map((source) => {
    const components = ["main", ...(wanted.free ? [] : ["non-free-firmware"])];
    const added = suite !== undefined && source.suites.includes(base) ? [suite] : [];
    const options = new Map(source.options);
    if (!options.has("signed-by")) options.set("signed-by", DEBIAN_KEYRING);
    return {
      ...source,
      types: ["deb"],
      suites: [...new Set([...source.suites, ...added])],
      components,
      options,
    };
  });
}

/** Signed by Debian, or known to apt as Debian's, or, where apt has no lists yet, at an address of Debian's shape. */
function isDebian(source: Source, origins: ReadonlyMap<string, string>): boolean {
  if (!source.components.includes("main")) return false;
  const signer = source.options.get("signed-by");
  if (signer?.includes("debian-archive") === true) return true;
  const known = source.uris.map((uri) => origins.get(uri.replace(/\/$/, "")));
  if (known.some((origin) => origin !== undefined)) return known.includes("Debian");
  return signer === undefined && source.uris.every((uri) => /\/debian(-security)?\/?$/.test(uri));
}

/** Writes sources as a `.sources` file. */
export function formatSources(sources: readonly Source[]): string {
  const paragraphs = sources.map((source) =>
    [
      `Types: ${source.types.join(" ")}`,
      `URIs: ${source.uris.join(" ")}`,
      `Suites: ${source.suites.join(" ")}`,
      `Components: ${source.components.join(" ")}`,
      ...[...source.options].map(([name, value]) => `${name}: ${value.replaceAll("\n", "\n ")}`),
      "",
    ].join("\n"),
  );
  return paragraphs.join("\n");
}
