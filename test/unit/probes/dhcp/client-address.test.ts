import { describe, expect, test } from "bun:test";
import { encodeAnnouncement, encodeProbe } from "../../../../probes/arp/packet.ts";
import { MESSAGE_TYPE, OPTION, readOption } from "../../../../probes/dhcp/packet/options.ts";
import { decodePacket } from "../../../../probes/dhcp/packet/packet.ts";
import { decodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { Bench } from "./bench.ts";
import { MAC } from "./captured.ts";
import { LINK, settle } from "./fake-network.ts";
import { LATE, PROBED } from "./simulation.ts";

const CLAIM = encodeAnnouncement(Uint8Array.fromHex("5254000000aa"), "10.9.0.50");

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
    expect([arp?.isClosed, bench.network.calls.at(-1)]).toEqual([false, "guard 10.9.0.50"]);
    // From here on the kernel passes on no other ARP than what claims the address.
    await bench.clock.pass(LATE);
    expect(arp?.isClosed).toBe(true);
    expect(bench.network.guards.map(({ isClosed }) => isClosed)).toEqual([false]);
  });

  test("names itself in a request by the address that the request names", async () => {
    const bench = new Bench();
    const client = bench.start({ nameAt: (address) => address && `at-${address.replaceAll(".", "-")}` });
    await bench.clock.pass(0);
    await bench.grant();
    const named = bench.socket.sent.map((packet) => decodePacket(decodeDatagram(packet).payload).options);
    expect(named.map((options) => readOption(options, OPTION.hostname))).toEqual([undefined, "at-10-9-0-50"]);
    expect(client.state).toBe("BOUND");
  });

  test("gives up an address whose answer came in time, and was read late on a busy machine", async () => {
    const bench = new Bench();
    const client = bench.start({ previous: "10.9.0.50" });
    await bench.clock.pass(0);
    await bench.answer({ type: "ACK" });
    await bench.clock.pass(PROBED);
    const [arp] = bench.network.arpSockets;
    await arp?.deliver(CLAIM);
    await settle();
    expect([client.state, arp?.isClosed, bench.network.guards[0]?.isClosed]).toEqual(["INIT", true, true]);
  });

  test("defends its address once, by its guard alone, which is one for the life of the lease", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    await bench.clock.pass(3_150_000);
    await bench.answer({ type: "ACK" });
    const [guard, ...more] = bench.network.guards;
    await guard?.deliver(CLAIM);
    await settle();
    expect([client.state, more, guard?.sent]).toEqual(["BOUND", [], [encodeAnnouncement(MAC, "10.9.0.50")]]);
    expect(bench.log.lines.at(-1)).toEndWith("(10.9.0.50 is defended against 52:54:00:00:00:aa)");
    await bench.clock.pass(9_999);
    await guard?.deliver(CLAIM);
    await settle();
    expect([client.state, guard?.isClosed, bench.leases.at(-1)]).toEqual(["INIT", true, undefined]);
    const declined = decodePacket(decodeDatagram(bench.socket.sent.at(-1)!).payload);
    expect(readOption(declined.options, OPTION.messageType)).toBe(MESSAGE_TYPE.DECLINE);
  });

  test("probes another address that a renewal grants by a socket that hears who has it", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    await bench.clock.pass(3_150_000);
    await bench.answer({ type: "ACK", address: "10.9.0.51" });
    expect([client.state, bench.network.guards[0]?.isClosed]).toEqual(["PROBING", true]);
    const arp = bench.network.arpSockets.at(-1);
    expect(arp?.sent).toEqual([encodeProbe(MAC, "10.9.0.51")]);
    await arp?.deliver(encodeAnnouncement(Uint8Array.fromHex("5254000000aa"), "10.9.0.51"));
    await settle();
    expect(client.state).toBe("INIT");
  });

  test("takes no machine for another that has one of its own hardware addresses", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    const member = { ...LINK, index: 3, address: Uint8Array.fromHex("5254000000aa") };
    bench.network.links = () => [LINK, member];
    for (let count = 0; count < 2; count++) await bench.network.guards[0]?.deliver(CLAIM);
    await settle();
    expect([client.state, bench.network.guards[0]?.sent]).toEqual(["BOUND", []]);
  });

  test("asks by other sockets where its own still say that the link was down", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    const before = [bench.socket, bench.network.guards[0]];
    for (const socket of before) {
      if (socket === undefined) continue;
      socket.send = () => {
        throw Object.assign(new Error("ENETDOWN"), { errno: "ENETDOWN" });
      };
    }
    for (const up of [false, true]) client.carrier(up);
    await settle();
    expect(client.state).toBe("REBINDING");
    expect(before.map((socket) => socket?.isClosed)).toEqual([true, true]);
    expect(bench.socket.sent).toHaveLength(1);
    expect(bench.network.arpSockets.at(-1)?.sent).toEqual([encodeProbe(MAC, "10.9.0.50")]);
    expect(bench.network.guards.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(bench.log.lines.join("\n")).not.toContain("ENETDOWN");
  });

  test("warns of no link that was set down, of which the kernel tells by itself", async () => {
    const bench = new Bench();
    await bench.bind();
    const down = Object.assign(new Error("ENETDOWN: network is down, recv"), { code: "ENETDOWN" });
    for (const socket of [bench.network.guards[0], bench.socket]) await socket?.fail(down);
    await settle();
    expect(
      bench.log.lines.filter((line) => line.includes("network is down")).map((line) => line.slice(0, 6)),
    ).toEqual(["debug:", "debug:"]);
  });

  test("opens a guard that has failed again at the next change", async () => {
    const bench = new Bench();
    await bench.bind();
    await bench.network.guards[0]?.fail(new Error("ENOBUFS"));
    await settle();
    expect(bench.log.lines.at(-1)).toBe("warn: dhcp eth0: Cannot hear who has an address: ENOBUFS, going on");
    await bench.clock.pass(1_800_000);
    expect(bench.network.guards).toHaveLength(2);
  });

  test("probes an address by ARP before it is used, and declines it where another machine answers", async () => {
    const bench = new Bench();
    const client = bench.start();
    await bench.clock.pass(0);
    await bench.answer({ type: "OFFER" });
    await bench.answer({ type: "ACK" });
    const arp = bench.network.arpSockets.at(-1)!;
    expect(arp.sent).toEqual([encodeProbe(MAC, "10.9.0.50"), encodeProbe(MAC, "10.9.0.50")]);
    await arp.deliver(CLAIM);
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
