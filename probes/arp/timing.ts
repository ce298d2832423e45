/** DEFEND_INTERVAL of RFC 5227, section 1.1. */
export const DEFEND_MILLISECONDS = 10_000;
