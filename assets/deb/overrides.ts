/** What lintian(1) is told of the package, with the reasons. */

const OVERRIDES: readonly (readonly [why: string, ...tags: readonly string[]])[] = [
  [
    "The program carries its code behind the runtime's ELF file, which strip(1) would cut off.",
    "unstripped-binary-or-object [usr/lib/clump/clump]",
  ],
  [
    "The runtime is built by its own project, with its own libraries and options.",
    "embedded-library libjpeg [usr/lib/clump/clump]",
    "hardening-no-pie [usr/lib/clump/clump]",
    "hardening-no-relro [usr/lib/clump/clump]",
  ],
  ["The project has no mailbox.", "bogus-mail-host *", "bogus-mail-host-in-debian-changelog *"],
  [
    "systemctl only says there whether the daemon still has processes.",
    "maintainer-script-calls-systemctl [postrm:*]",
  ],
  [
    "Deputies and guests run in the namespaces and the memory of other programs, where no library may be missing.",
    "statically-linked-binary [usr/lib/clump/deputy]",
    "statically-linked-binary [usr/bin/mosrun]",
  ],
];

/** The text of the file of overrides. */
export function overrides(): string {
  return OVERRIDES.map(([why, ...tags]) => `# ${why}\n${tags.map((tag) => `clump: ${tag}\n`).join("")}`).join(
    "",
  );
}
