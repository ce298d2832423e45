/**
 * The signals that have travelled in an image of criu(8): the guest gets them, and its deputy must not forward them. The
 * kernel cannot tell that: a signal may come between a look at /proc and the moment at which criu reads the queue.
 */

import { existsSync } from "node:fs";
import { bytesOf, fieldsOf, readImage } from "./image.ts";

/** core_entry.tc and its signals_s: those of the whole process. */
const [PROCESS, OF_PROCESS] = [3, 10];
/** core_entry.thread_core and its signals_p: those of the thread alone. */
const [THREAD, OF_THREAD] = [5, 9];
/** signal_queue_entry.signals, and siginfo_entry.siginfo, which is a siginfo_t: it begins with the number. */
const [SIGNAL, INFO] = [1, 1];

/**
 * How many of each number there are in "core-PID.img"; of a signal below 32 there may be two, one of them the thread's.
 * @throws RangeError where the file is no image
 */
export function pendingIn(path: string): Map<number, number> {
  const counts = new Map<number, number>();
  if (!existsSync(path)) return counts;
  for (const core of readImage(path)) {
    const queues = [
      ...fieldsOf(core, PROCESS).flatMap((process) => fieldsOf(process, OF_PROCESS)),
      ...fieldsOf(core, THREAD).flatMap((thread) => fieldsOf(thread, OF_THREAD)),
    ];
    const signals = queues.flatMap((queue) => fieldsOf(queue, SIGNAL));
    for (const info of signals.flatMap((signal) => bytesOf(signal, INFO))) {
      const sent = new DataView(info.buffer, info.byteOffset).getInt32(0, true);
      counts.set(sent, (counts.get(sent) ?? 0) + 1);
    }
  }
  return counts;
}
