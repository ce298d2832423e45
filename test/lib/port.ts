/** Ports for servers of tests. */

const [LEAST, MOST] = [10_000, 32_000];

/**
 * A TCP port of this machine that nobody uses now. It lies below the ports that Linux gives to clients by itself
 * (32768 to 60999), so that no client beside the test takes it before the test's server does.
 */
export function freePort(): number {
  for (;;) {
    const port = LEAST + Math.floor(Math.random() * (MOST - LEAST));
    try {
      Bun.listen({ hostname: "127.0.0.1", port, socket: { data() {} } }).stop(true);
      return port;
    } catch {
      // Another program has that port.
    }
  }
}
