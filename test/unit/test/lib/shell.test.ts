import { expect, test } from "bun:test";
import { Console } from "../../../../assets/qemu/console.ts";
import { run } from "../../../lib/shell.ts";

/** A terminal with a shell, which says its prompt before or after the terminal has echoed what is typed. */
function shell(prompt: "before" | "after"): { readonly console: Console } {
  const write = (typed: string) => {
    const mark = /m\d+/.exec(typed)?.[0];
    const said = `${mark}-begin\r\none\r\n${mark}-end 3\r\n# `;
    const echo = typed.replace("\n", "\r\n");
    const text = prompt === "before" ? `${echo}${said}` : `${echo}# ${said}`;
    queueMicrotask(() => console.receive(new TextEncoder().encode(text)));
  };
  const console = new Console({ write, reproduction: "", timeFactor: 1 });
  return { console };
}

test.each(["before", "after"] as const)(
  "run() finds the output of a command where the prompt comes %s the echo",
  async (prompt) => {
    expect(await run(shell(prompt), "echo one; (exit 3)", { within: 0.5 })).toEqual({
      output: "one\n",
      code: 3,
    });
  },
);
