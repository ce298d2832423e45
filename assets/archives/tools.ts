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

/** The packed archive has 12 MB at most: a node with 256 MB of memory loads it whole. */
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
