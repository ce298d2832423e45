/** The notes of a release: what is in it, how large, and how to check it. */

export interface ReleaseFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ReleaseInputs {
  readonly version: string;
  readonly files: readonly ReleaseFile[];
  /** Debian packages and npm packages with their versions. */
  readonly parts: readonly { readonly name: string; readonly version: string }[];
  readonly isSigned: boolean;
}

/** The whole ISO of clump/os R6.1, for comparison. */
const R61_BYTES = 8_028_160;

/** What a signature is made for, so that it counts for nothing else; ssh-keygen(1), -n. */
export const SIGNATURE_NAMESPACE = "clump-release";

const WHAT: readonly (readonly [ending: RegExp, what: string])[] = [
  [/\.iso$/, "CD and USB disk, BIOS and UEFI"],
  [/\.efi$/, "kernel and system in one EFI program"],
  [/-pxe\.tar$/, "folder for a TFTP or HTTP server"],
  [/^vmlinuz$/, "the kernel"],
  [/^initramfs\.img$/, "the system"],
  [/^serve\.img$/, "what a node boots others with, loaded behind initramfs.img"],
  [/^slurm\.img$/, "what a node of a Slurm cluster runs, loaded behind initramfs.img"],
  [
    /^tools\.img$/,
    "the toolbox of `clump tools`, found as clump/tools.img on a CD, USB stick or boot server",
  ],
  [/\.spdx\.json$/, "every package in it (SPDX 2.3)"],
];

/** The files of a release, as its notes list them. */
export function releaseFiles(version: string): string[] {
  const own = ["iso", "efi"].map((ending) => `clump-${version}.${ending}`);
  const parts = ["vmlinuz", "initramfs.img", "serve.img", "slurm.img", "tools.img", "sbom.spdx.json"];
  return [...own, `clump-${version}-pxe.tar`, ...parts];
}

/** As Markdown. */
export function formatNotes({ version, files, parts, isSigned }: ReleaseInputs): string {
  return [
    `# clump ${version}`,
    "",
    "| file | bytes | what it is |",
    "| --- | ---: | --- |",
    ...files.map(({ name, bytes }) => `| ${name} | ${grouped(bytes)} | ${whatIs(name)} |`),
    `| *clump/os R6.1, 2002* | ${grouped(R61_BYTES)} | *its ISO* |`,
    "",
    "Check what you have with `sha256sum -c SHA256SUMS`.",
    ...(isSigned ? signatureLines() : ["", UNSIGNED]),
    "",
    "| made from | version |",
    "| --- | --- |",
    ...parts.map((part) => `| ${part.name} | ${part.version} |`),
    "",
  ].join("\n");
}

/** The text of SHA256SUMS, as sha256sum(1) reads it. */
export function formatSums(files: readonly ReleaseFile[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

const UNSIGNED =
  "SHA256SUMS is not signed: it shows damage, and not who made the files. `npm run release -- --key FILE` signs it.";

function signatureLines(): string[] {
  return [
    "SHA256SUMS is signed. With the signer's public key in a file `signers` as `clump ssh-ed25519 AAAA…`:",
    "",
    `    ssh-keygen -Y verify -f signers -I clump -n ${SIGNATURE_NAMESPACE} -s SHA256SUMS.sig < SHA256SUMS`,
  ];
}

function whatIs(name: string): string {
  return WHAT.find(([ending]) => ending.test(name))?.[1] ?? "";
}

function grouped(bytes: number): string {
  return bytes.toLocaleString("en-US");
}
