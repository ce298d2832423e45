/** A packet from the network that breaks its format; the only error that reading one can throw. */
export class DhcpPacketError extends Error {
  override readonly name = "DhcpPacketError";
}
