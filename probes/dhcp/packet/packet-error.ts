/** A packet from the network breaks its format; reading a packet throws no other error. */
export class DhcpPacketError extends Error {
  override readonly name = "DhcpPacketError";
}
