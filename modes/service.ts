/** A program that a mode keeps running. */
export interface Service {
  /** As the log names it: "shell on /dev/tty1". */
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The console that becomes its standard input, output and error. */
  readonly console?: string;
  /** The TCP port that its standard input listens on. Such a service may end whenever nobody is connected. */
  readonly listens?: number;
  /** What follows when it ends by itself with status 0; after any other end it is started again. */
  readonly whenDone: "start again" | "power off";
}
