import { describe, expect, test } from "bun:test";
import {
  DEBIAN_KEYRING,
  deriveSources,
  formatSources,
  parseSourceLines,
  parseSources,
} from "../../../../assets/packages/sources.ts";

const DEB822 = `Types: deb deb-src
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

const ONE_LINE = `# See sources.list(5)
deb http://ftp.de.debian.org/debian/ bookworm main contrib # a comment
deb-src http://ftp.de.debian.org/debian/ bookworm main
deb [arch=amd64,i386 signed-by=/etc/apt/keyrings/docker.gpg] https://download.docker.com/linux/debian bookworm stable
deb [ signed-by=/etc/apt/keyrings/other.gpg ] https://packages.example.org/debian bookworm main
`;

const NO_ORIGINS = new Map<string, string>();
const PLAIN = { free: false };

describe("parseSources()", () => {
  test("reads deb822 paragraphs with comments inside", () => {
    const [first, second] = parseSources(DEB822);
    expect(first?.suites).toEqual(["bookworm", "bookworm-updates"]);
    expect(first?.types).toEqual(["deb", "deb-src"]);
    expect(second?.uris).toEqual(["http://mirror.example/debian-security"]);
    expect(second?.options.get("signed-by")).toBe(DEBIAN_KEYRING);
  });

  test("leaves out what is not enabled", () => {
    expect(parseSources(`Enabled: no\n${DEB822}`)).toHaveLength(1);
  });

  test("keeps a key that is written inside the file", () => {
    const key =
      "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n -----END PGP PUBLIC KEY BLOCK-----\n";
    const sources = parseSources(`Types: deb\nURIs: http://a/debian\nSuites: x\nComponents: main\n${key}`);
    expect(formatSources(sources).toLowerCase()).toContain("signed-by: -----begin pgp");
    expect(formatSources(sources)).toContain("\n .\n mQINBF\n");
  });
});

test("parseSourceLines() reads options, comments and sources of code", () => {
  const sources = parseSourceLines(ONE_LINE);
  expect(sources.map(({ types }) => types[0])).toEqual(["deb", "deb-src", "deb", "deb"]);
  expect(sources[0]?.components).toEqual(["main", "contrib"]);
  expect(sources[2]?.options.get("architectures")).toBe("amd64 i386");
});

describe("deriveSources()", () => {
  test("adds the firmware's component to main, and nothing else", () => {
    const derived = deriveSources(parseSources(DEB822), NO_ORIGINS, PLAIN);
    expect(derived.map(({ components }) => components.join(" "))).toEqual(
      Array(2).fill("main non-free-firmware"),
    );
    expect(derived.map(({ types }) => types.join(" "))).toEqual(["deb", "deb"]);
  });

  test("adds no component when only free packages are wanted", () => {
    const derived = deriveSources(parseSources(DEB822), NO_ORIGINS, { free: true });
    expect(derived[0]?.components).toEqual(["main"]);
  });

  test("adds a suite to the archive of the suite it is for", () => {
    const wanted = { free: false, suite: "bookworm-backports" };
    const derived = deriveSources(parseSources(DEB822), NO_ORIGINS, wanted);
    expect(derived.map(({ suites }) => suites.at(-1))).toEqual(["bookworm-backports", "bookworm-security"]);
  });

  test("refuses a suite for another release, and says what was wanted", () => {
    const wanted = { free: false, suite: "trixie-backports" };
    expect(() => deriveSources(parseSources(DEB822), NO_ORIGINS, wanted)).toThrow("and trixie was wanted");
  });

  test("keeps only Debian's archives, and has their signature checked with Debian's key", () => {
    const derived = deriveSources(parseSourceLines(ONE_LINE), NO_ORIGINS, PLAIN);
    expect(derived.map(({ uris }) => uris[0])).toEqual(["http://ftp.de.debian.org/debian/"]);
    expect(derived[0]?.options.get("signed-by")).toBe(DEBIAN_KEYRING);
  });

  test("believes apt about an archive at an address of its own", () => {
    const sources = parseSourceLines("deb http://mirror.example.org/pub/os bookworm main\n");
    const of = (origin: string) => new Map([["http://mirror.example.org/pub/os", origin]]);
    expect(deriveSources(sources, of("Debian"), PLAIN)).toHaveLength(1);
    expect(() => deriveSources(sources, of("Someone"), PLAIN)).toThrow("none of this machine's apt sources");
    expect(() => deriveSources(sources, NO_ORIGINS, PLAIN)).toThrow("none of this machine's apt sources");
  });

  test("keeps the options of the machine's sources", () => {
    const sources = parseSourceLines(
      "deb [check-valid-until=no] http://snapshot.debian.org/debian bookworm main\n",
    );
    expect(formatSources(deriveSources(sources, NO_ORIGINS, PLAIN))).toContain("check-valid-until: no");
  });
});
