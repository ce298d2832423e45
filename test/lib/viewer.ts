/** A person with a VNC viewer: TigerVNC's, on a screen of its own that nobody sees. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timeFactor } from "../../assets/qemu/vm.ts";
import { encodeVncPassword } from "../../modes/vnc/vnc-password.ts";
import { decodeXwd, type Picture } from "./xwd.ts";

/** Larger than the node's desktop, so that all of it shows. */
const SCREEN = "1300x850";
const LOOK_MILLISECONDS = 100;
/** No test looks longer. */
const MOST_SECONDS = 200;

export interface Viewer extends AsyncDisposable {
  /** What the viewer says of its connection, so far. */
  readonly said: string;
  /** Resolves when the viewer has left by itself, as it does when it is refused, and has said all. */
  readonly left: Promise<number>;
  xwd(): Promise<Uint8Array>;
  picture(): Promise<Picture>;
  /** Clicks at a place of the picture. */
  click(x: number, y: number): Promise<void>;
  /** Types a line, and Enter. */
  type(line: string): Promise<void>;
}

/** Looks at a VNC server of this machine. */
export async function startViewer(
  port: number,
  password: string,
  words: readonly string[] = [],
): Promise<Viewer> {
  const folder = mkdtempSync(join(tmpdir(), "clump-viewer-"));
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, encodeVncPassword(password));
  const screen = Bun.spawn(
    [
      "Xtigervnc",
      "-displayfd",
      "1",
      "-rfbport",
      "-1",
      "-geometry",
      SCREEN,
      "-SecurityTypes",
      "None",
      "-rfbunixpath",
      join(folder, "rfb"),
      // Nor do keys repeat where the host holds everything up between a key's two events.
      "-r",
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const env = { ...process.env, DISPLAY: `:${await firstLine(screen.stdout)}` };
  const options = [
    "-passwd",
    passwordFile,
    "-AlertOnFatalError=0",
    "-ReconnectOnError=0",
    "-MenuKey=",
    "-Log=*:stderr:30",
    "-geometry=1280x800+0+0",
  ];
  const viewer = Bun.spawn(["xtigervncviewer", ...options, ...words, `127.0.0.1::${port}`], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: MOST_SECONDS * timeFactor() * 1000,
  });
  let said = "";
  const heard = (async () => {
    for await (const piece of viewer.stderr) said += Buffer.from(piece).toString();
  })();

  async function run(command: readonly string[]): Promise<Uint8Array> {
    const child = Bun.spawn([...command], { env, stdio: ["ignore", "pipe", "pipe"] });
    const [bytes, errors, code] = await Promise.all([
      child.stdout.bytes(),
      child.stderr.text(),
      child.exited,
    ]);
    if (code !== 0) throw new Error(`Cannot run ${command.join(" ")}: status ${code}, ${errors}\n${said}`);
    return bytes;
  }

  return {
    get said() {
      return said;
    },
    left: Promise.all([viewer.exited, heard]).then(([code]) => code),
    xwd: () => run(["xwd", "-root", "-silent"]),
    picture: async () => decodeXwd(await run(["xwd", "-root", "-silent"])),
    click: async (x, y) => void (await run(["xdotool", "mousemove", `${x}`, `${y}`, "click", "1"])),
    async type(line) {
      // Without a window manager nobody has the keyboard unless it is given.
      await run(["xdotool", "search", "--onlyvisible", "--name", "TigerVNC", "windowfocus"]);
      await run(["xdotool", "type", "--delay", "20", `${line}\n`]);
    },
    async [Symbol.asyncDispose]() {
      viewer.kill("SIGKILL");
      await Promise.all([viewer.exited, heard]);
      screen.kill("SIGKILL");
      await screen.exited;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits until the viewer shows what is wanted; gives the milliseconds that took. */
export async function seeInViewer(
  viewer: Viewer,
  wanted: (picture: Picture) => boolean,
  { within }: { readonly within: number },
): Promise<number> {
  const start = performance.now();
  while (!wanted(await viewer.picture())) {
    if (performance.now() - start > within * timeFactor() * 1000)
      throw new Error(`Cannot see it in the viewer within ${within} s\n${viewer.said}`);
    await Bun.sleep(LOOK_MILLISECONDS);
  }
  return performance.now() - start;
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of stream) {
    text += Buffer.from(piece).toString();
    if (text.includes("\n")) break;
  }
  return text.trim();
}
