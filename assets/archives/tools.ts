/** A node's toolbox, as data: the programs that an administrator looks for in a shell. */

import type { Archive } from "./archive.ts";

/** The programs of each package. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  bash: ["bin/bash"],
  curl: ["bin/curl"],
  "dropbear-bin": ["bin/dropbearkey", "sbin/dropbear"],
  ethtool: ["sbin/ethtool"],
  htop: ["bin/htop"],
  iperf3: ["bin/iperf3"],
  "openssh-client": ["bin/scp", "bin/sftp", "bin/ssh", "bin/ssh-keygen"],
  rsync: ["bin/rsync"],
  strace: ["bin/strace"],
  tmux: ["bin/tmux"],
};

/** The terminals of the consoles, of xterm, and of people who log in by ssh. */
const TERMINALS = [
  ...["d/dumb", "l/linux", "s/screen", "s/screen-256color", "t/tmux", "t/tmux-256color"],
  ...["v/vt100", "v/vt102", "v/vt220", "x/xterm", "x/xterm-256color"],
];

/** Bytes of the packed archive: a node with 256 MB of memory loads all of it. */
export const MOST_TOOLS_BYTES = 12_000_000;

/** Refuses an archive of the tools that has become too large. @throws RangeError */
export function checkToolsSize(bytes: number): void {
  if (bytes <= MOST_TOOLS_BYTES) return;
  const [has, most] = [bytes, MOST_TOOLS_BYTES].map((size) => (size / 1e6).toFixed(1));
  throw new RangeError(
    `Cannot pack the tools: the archive has ${has} MB, and at most ${most} MB were wanted, for nodes with 256 MB of memory`,
  );
}

export const TOOLS: Archive = {
  name: "tools",
  packages: [
    ...Object.keys(PROGRAMS),
    ...["libc-bin", "libpython3.11-minimal", "ncurses-base", "openssh-sftp-server", "python3.11-minimal"],
  ],
  files: [
    ...Object.entries(PROGRAMS).flatMap(([name, paths]) =>
      paths.map((path) => ({ package: name, from: path, to: `usr/${path}` })),
    ),
    { package: "python3.11-minimal", from: "bin/python3.11", to: "usr/bin/python3" },
    { package: "libpython3.11-minimal", from: "lib/python3.11", to: "usr/lib/python3.11" },
    // dropbear starts sftp-server for sftp, and for scp since OpenSSH 9.
    { package: "openssh-sftp-server", from: "lib/openssh/sftp-server", to: "usr/lib/sftp-server" },
    ...TERMINALS.map((path) => ({
      package: "ncurses-base",
      from: `lib/terminfo/${path}`,
      to: `usr/lib/terminfo/${path}`,
    })),
    // tmux ends without a UTF-8 locale.
    { package: "libc-bin", from: "lib/locale/C.utf8", to: "usr/lib/locale/C.utf8" },
  ],
  ownFiles: {},
};
