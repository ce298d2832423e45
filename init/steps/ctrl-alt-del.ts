import { writeFileSync } from "node:fs";

/** Has the kernel tell process 1 of Ctrl-Alt-Del, by SIGINT, and not restart at once; proc(5). */
export function takeCtrlAltDel(root: string): void {
  writeFileSync(`${root}/proc/sys/kernel/ctrl-alt-del`, "0\n");
}
