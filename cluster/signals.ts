/**
 * Sends a signal to a process, or to the group of a negative number, kill(2); 0 sends none. Gives whether it was there:
 * it may end at any moment.
 */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
