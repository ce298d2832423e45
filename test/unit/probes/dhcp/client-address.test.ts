import { describe, expect, test } from "bun:test";
import { encodeAnnouncement, encodeProbe } from "../../../../probes/dhcp/arp.ts";
import { MESSAGE_TYPE, OPTION, readOption } from "../../../../probes/dhcp/options.ts";
import { decodePacket } from "../../../../probes/dhcp/packet.ts";
import { decodeDatagram } from "../../../../probes/dhcp/udp.ts";
import { Bench } from "./bench.ts";
import { MAC } from "./captured.ts";
import { settle } from "./fake-network.ts";
import { LATE, PROBED } from "./simulation.ts";

describe("the client", () => {
  test("asks for an address from before first", async () => {
    const bench = new Bench();
    const client = bench.start({ previous: "10.9.0.50" });
    await bench.clock.pass(0);
    expect(client.state).toBe("REBOOTING");
    expect(bench.network.arpSockets).toHaveLength(1);
    await bench.answer({ type: "ACK" });
    await bench.clock.pass(PROBED);
    expect(client.state).toBe("BOUND");
    const [arp] = bench.network.arpSockets;
    expect(arp?.sent.at(-1)).toEqual(encodeAnnouncement(MAC, "10.9.0.50"));
    expect(arp?.isClosed).toBe(false);
    await bench.clock.pass(LATE);
    expect(arp?.isClosed).toBe(true);
  });

  test("probes an address by ARP before it is used, and declines it where another machine answers", async () => {
    const bench = new Bench();
    const client = bench.start();
    await bench.clock.pass(0);
    await bench.answer({ type: "OFFER" });
    await bench.answer({ type: "ACK" });
    const arp = bench.network.arpSockets.at(-1)!;
    expect(arp.sent).toEqual([encodeProbe(MAC, "10.9.0.50"), encodeProbe(MAC, "10.9.0.50")]);
    const answer = encodeProbe(Uint8Array.fromHex("5254000000aa"), "10.9.0.1");
    answer.set([10, 9, 0, 50], 14);
    await arp.deliver(answer);
    await settle();
    expect(bench.leases).toEqual([]);
    expect(client.state).toBe("INIT");
    expect(arp.isClosed).toBe(true);
    expect(bench.log.lines.at(-1)).toBe(
      "info: dhcp eth0: PROBING -> INIT (10.9.0.50 is in use by 52:54:00:00:00:aa)",
    );
    const declined = decodePacket(decodeDatagram(bench.socket.sent.at(-1)!).payload);
    expect(readOption(declined.options, OPTION.messageType)).toBe(MESSAGE_TYPE.DECLINE);
  });

  test("goes on where it cannot probe", async () => {
    const bench = new Bench();
    bench.network.failing = { call: "open ARP socket", errno: "EPERM" };
    const client = await bench.bind();
    expect(client.state).toBe("BOUND");
    expect(bench.log.lines).toContain(
      "warn: dhcp eth0: Cannot probe an address: Cannot open ARP socket: EPERM, going on",
    );
  });

  test("gives its lease back, and is deaf from then on", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    await client.release();
    expect(bench.unicast).toEqual(["to 10.9.0.1", "close"]);
    expect(bench.socket.isClosed).toBe(true);
    expect(bench.clock.isIdle).toBe(true);
    client.carrier(true);
    expect(bench.clock.isIdle).toBe(true);
    expect(bench.leases).toEqual(["10.9.0.50"]);
  });
});
