/** UDP ports of RFC 2131, section 4.1. */
export const SERVER_PORT = 67;
export const CLIENT_PORT = 68;
