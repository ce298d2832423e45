/** One client with everything around it, in time that a test moves. */

import { type DhcpOptions, startDhcpClient } from "../../../../probes/dhcp/client.ts";
import { decodePacket } from "../../../../probes/dhcp/packet/packet.ts";
import { decodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { type Answer, answerPacket } from "./build.ts";
import { FakeClock, FakeLog, FakeNetwork, LINK, settle } from "./fake-network.ts";
import { PROBED } from "./simulation.ts";

export class Bench {
  readonly network = new FakeNetwork();
  readonly clock = new FakeClock();
  readonly log = new FakeLog();
  readonly abort = new AbortController();
  readonly leases: (string | undefined)[] = [];
  /** "to 10.9.0.1", "close". */
  readonly unicast: string[] = [];
  unicastFails = false;
  sendFails = false;

  start(options: Partial<DhcpOptions> = {}) {
    return startDhcpClient({
      link: LINK,
      carrier: true,
      network: this.network,
      log: this.log,
      signal: this.abort.signal,
      onLease: (lease) => void this.leases.push(lease?.address),
      clock: this.clock,
      openUnicast: async () => {
        if (this.unicastFails) throw new Error("EADDRNOTAVAIL");
        return {
          send: (_, server) => {
            if (this.sendFails) throw new Error("ENOBUFS");
            this.unicast.push(`to ${server}`);
          },
          close: () => void this.unicast.push("close"),
        };
      },
      ...options,
    });
  }

  get socket() {
    return this.network.sockets.at(-1)!;
  }

  /** The xid of the latest message. */
  get xid(): number {
    return decodePacket(decodeDatagram(this.socket.sent.at(-1)!).payload).xid;
  }

  async answer(answer: Answer): Promise<void> {
    await this.socket.deliver(answerPacket({ xid: this.xid, ...answer }));
    await settle();
  }

  async grant(): Promise<void> {
    await this.answer({ type: "OFFER" });
    await this.answer({ type: "ACK" });
    await this.clock.pass(PROBED);
  }

  async bind() {
    const client = this.start();
    await this.clock.pass(0);
    await this.grant();
    return client;
  }
}
