import { listOptional, readOptional } from "../../system/files.ts";

/**
 * The loop device of a file, as "/dev/loop3"; undefined where none has it. The file itself may have been deleted: the first
 * stage attaches the archives of the initramfs and deletes them.
 */
export function findLoopDevice(root: string, file: string): string | undefined {
  const names = listOptional(`${root}/sys/block`).filter((name) => /^loop\d+$/.test(name));
  // "/desktop.squashfs (deleted)", or with no such word.
  const backing = (name: string) =>
    readOptional(`${root}/sys/block/${name}/loop/backing_file`)?.split(/[ \n]/)[0];
  const found = names.find((name) => backing(name) === file);
  return found === undefined ? undefined : `/dev/${found}`;
}
