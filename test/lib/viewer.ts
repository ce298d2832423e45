/** A person with a VNC viewer: TigerVNC's, on an X server without a monitor. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timeFactor } from "../../assets/qemu/vm.ts";
import { encodeVncPassword } from "../../modes/vnc/vnc-password.ts";
import { decodeXwd, type Picture } from "./xwd.ts";

const LOOK_MILLISECONDS = 100;
/** No test looks longer. */
const MOST_SECONDS = 200;

const SCREEN_OPTIONS = [
  ...["-displayfd", "1", "-rfbport", "-1", "-SecurityTypes", "None"],
  // The screen is larger than the node's desktop, so that all of the desktop shows.
  ...["-geometry", "1300x850"],
  // A key must not repeat where a busy host delays the second of its two events.
  "-r",
];

const VIEWER_OPTIONS = [
  ...["-AlertOnFatalError=0", "-ReconnectOnError=0", "-MenuKey=", "-Log=*:stderr:30"],
  "-geometry=1280x800+0+0",
];

type Screen = Bun.Subprocess<"ignore", "pipe", "ignore">;

export class Viewer implements AsyncDisposable {
  readonly #folder: string;
  readonly #screen: Screen;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #viewer: Bun.Subprocess<"ignore", "ignore", "pipe">;
  readonly #heard: Promise<void>;
  #said = "";
  /** Resolves to the exit status when the viewer has left by itself, as after a refusal, and has said all. */
  readonly left: Promise<number>;

  constructor(folder: string, screen: Screen, display: string, words: readonly string[]) {
    this.#folder = folder;
    this.#screen = screen;
    this.#env = { ...process.env, DISPLAY: display };
    this.#viewer = Bun.spawn(["xtigervncviewer", ...VIEWER_OPTIONS, ...words], {
      env: this.#env,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: MOST_SECONDS * timeFactor() * 1000,
    });
    this.#heard = this.#hear();
    this.left = Promise.all([this.#viewer.exited, this.#heard]).then(([code]) => code);
  }

  /** What the viewer said of its connection until now. */
  get said(): string {
    return this.#said;
  }

  /** The screen as the bytes of xwd(1). */
  xwd(): Promise<Uint8Array> {
    return this.#run(["xwd", "-root", "-silent"]);
  }

  async picture(): Promise<Picture> {
    return decodeXwd(await this.xwd());
  }

  /** Clicks at a place of the picture. */
  async click(x: number, y: number): Promise<void> {
    await this.#run(["xdotool", "mousemove", `${x}`, `${y}`, "click", "1"]);
  }

  /** Types a line, and Enter. */
  async type(line: string): Promise<void> {
    // Without a window manager no window has the keyboard until one is given the focus.
    await this.#run(["xdotool", "search", "--onlyvisible", "--name", "TigerVNC", "windowfocus"]);
    await this.#run(["xdotool", "type", "--delay", "20", `${line}\n`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#viewer.kill("SIGKILL");
    await Promise.all([this.#viewer.exited, this.#heard]);
    this.#screen.kill("SIGKILL");
    await this.#screen.exited;
    rmSync(this.#folder, { recursive: true });
  }

  async #hear(): Promise<void> {
    for await (const piece of this.#viewer.stderr) this.#said += Buffer.from(piece).toString();
  }

  async #run(command: readonly string[]): Promise<Uint8Array> {
    const child = Bun.spawn([...command], { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    const outputs = [child.stdout.bytes(), child.stderr.text(), child.exited] as const;
    const [bytes, errors, code] = await Promise.all(outputs);
    if (code === 0) return bytes;
    throw new Error(`Cannot run ${command.join(" ")}: status ${code}, ${errors}\n${this.#said}`);
  }
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
  const screen: Screen = Bun.spawn(["Xtigervnc", ...SCREEN_OPTIONS, "-rfbunixpath", join(folder, "rfb")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const display = `:${await firstLine(screen.stdout)}`;
  return new Viewer(folder, screen, display, ["-passwd", passwordFile, ...words, `127.0.0.1::${port}`]);
}

/** Waits until the viewer shows what is wanted; resolves to the milliseconds that took. */
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
