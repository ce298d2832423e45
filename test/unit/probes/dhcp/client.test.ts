import { describe, expect, test } from "bun:test";
import { decodePacket } from "../../../../probes/dhcp/packet/packet.ts";
import { decodeDatagram } from "../../../../probes/dhcp/packet/udp.ts";
import { Bench } from "./bench.ts";
import { answerPacket } from "./build.ts";
import { CAPTURED } from "./captured.ts";
import { settle } from "./fake-network.ts";

describe("startDhcpClient()", () => {
  test("gets a lease and logs each change in one line", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    expect(client.state).toBe("BOUND");
    expect(bench.leases).toEqual(["10.9.0.50"]);
    expect(bench.log.lines).toEqual([
      "info: dhcp eth0: INIT -> SELECTING",
      "info: dhcp eth0: SELECTING -> REQUESTING 10.9.0.50 from 10.9.0.1",
      "info: dhcp eth0: REQUESTING -> PROBING 10.9.0.50 from 10.9.0.1",
      "info: dhcp eth0: PROBING -> BOUND 10.9.0.50/24 from 10.9.0.1 for 3600 s",
    ]);
  });

  test("counts what it drops, at debug, and goes on", async () => {
    const bench = new Bench();
    bench.start();
    await bench.clock.pass(0);
    await bench.socket.deliver(new Uint8Array(3));
    await bench.socket.deliver(CAPTURED.keaOffer);
    await settle();
    expect(bench.log.lines.slice(1)).toEqual([
      "debug: dhcp eth0: dropped packet 1: Cannot read an IPv4 packet: 3 bytes, wanted at least 20",
      expect.stringMatching(/^debug: dhcp eth0: dropped packet 2: offer [0-9a-f]+ in SELECTING$/),
    ]);
    await bench.answer({ type: "OFFER" });
    expect(bench.log.lines.at(-1)).toContain("REQUESTING");
  });

  test("names each option that is left out once, and ten at most", async () => {
    const bench = new Bench();
    bench.start();
    await bench.clock.pass(0);
    const warnings = () => bench.log.lines.filter((line) => line.startsWith("warn"));
    for (const type of ["OFFER", "ACK"] as const) await bench.answer({ type, options: { 26: [1, 44] } });
    expect(warnings()).toEqual([
      "warn: dhcp eth0: Cannot use an MTU of 300: 576 or more was wanted, ignoring",
    ]);
    for (let mtu = 0; mtu < 200; mtu++) await bench.answer({ type: "OFFER", options: { 26: [0, mtu] } });
    expect(warnings()).toHaveLength(10);
  });

  test("waits for the carrier, and begins when it is told of it", async () => {
    const bench = new Bench();
    const client = bench.start({ carrier: false });
    await bench.clock.pass(1_000_000);
    expect(bench.network.calls).toEqual([]);
    client.carrier(true);
    await bench.clock.pass(0);
    expect(client.state).toBe("SELECTING");
  });

  test("renews by a socket of its own address, closed afterwards", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    await bench.clock.pass(1_850_000);
    expect(client.state).toBe("RENEWING");
    expect(bench.unicast).toEqual(["to 10.9.0.1"]);
    await bench.clock.pass(1_400_000);
    expect(client.state).toBe("REBINDING");
    await bench.answer({ type: "ACK" });
    expect(client.state).toBe("BOUND");
    expect(bench.unicast.at(-1)).toBe("close");
    expect(bench.leases).toEqual(["10.9.0.50", "10.9.0.50"]);
  });

  test("sends a rebinding from our address to all", async () => {
    const bench = new Bench();
    await bench.bind();
    await bench.clock.pass(3_200_000);
    const datagram = decodeDatagram(bench.socket.sent.at(-1)!);
    expect(datagram).toMatchObject({ source: "10.9.0.50", destination: "255.255.255.255" });
    expect(decodePacket(datagram.payload).ciaddr).toBe("10.9.0.50");
  });

  test("rebinds in fragments where the MTU has become too small for its messages (EMSGSIZE)", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    bench.network.mtu = 300;
    const before = bench.socket.sent.length;
    await bench.clock.pass(3_150_000);
    expect(client.state).toBe("REBINDING");
    expect(bench.log.lines.filter((line) => line.startsWith("warn"))).toEqual([]);
    const [first, second] = bench.socket.sent.slice(before);
    expect([first?.length, second?.length]).toEqual([300, 48]);
    const xid = new DataView(first!.buffer).getUint32(20 + 8 + 4);
    await bench.socket.deliver(answerPacket({ type: "ACK", xid }));
    await settle();
    expect(client.state).toBe("BOUND");
  });

  test("survives that its own address cannot be bound", async () => {
    const bench = new Bench();
    bench.unicastFails = true;
    const client = await bench.bind();
    await bench.clock.pass(1_850_000);
    expect(bench.log.lines.at(-1)).toBe(
      "warn: dhcp eth0: Cannot send REQUEST to 10.9.0.1: EADDRNOTAVAIL, going on",
    );
    bench.unicastFails = false;
    await bench.clock.pass(700_000);
    expect(bench.unicast).toEqual(["to 10.9.0.1"]);
    await bench.clock.pass(700_000);
    await bench.answer({ type: "ACK" });
    expect(client.state).toBe("BOUND");
  });

  test("closes the unicast socket that could not send, so that the next can have its port", async () => {
    const bench = new Bench();
    await bench.bind();
    bench.sendFails = true;
    await bench.clock.pass(1_850_000);
    expect(bench.unicast).toEqual(["close"]);
    bench.sendFails = false;
    await bench.clock.pass(700_000);
    expect(bench.unicast).toEqual(["close", "to 10.9.0.1"]);
  });

  test("opens the packet socket again where it could not be opened or failed", async () => {
    const bench = new Bench();
    bench.network.failing = { call: "open socket", errno: "ENODEV" };
    const client = bench.start();
    await bench.clock.pass(0);
    expect(bench.log.lines.at(-1)).toStartWith("warn: dhcp eth0: Cannot send DISCOVER");
    bench.network.failing = undefined;
    await bench.clock.pass(6_000);
    await bench.socket.fail(new Error("ENETDOWN"));
    await settle();
    expect(bench.log.lines.at(-1)).toBe("warn: dhcp eth0: Cannot hear the network: ENETDOWN, going on");
    await bench.clock.pass(10_000);
    await bench.grant();
    expect(client.state).toBe("BOUND");
    expect(bench.network.sockets.length).toBe(2);
  });

  test("survives a listener that throws", async () => {
    const bench = new Bench();
    const client = bench.start({
      onLease() {
        throw new Error("Cannot add address");
      },
    });
    await bench.clock.pass(0);
    await bench.grant();
    expect(client.state).toBe("BOUND");
    expect(bench.log.lines.at(-1)).toBe("warn: dhcp eth0: Cannot use a lease: Cannot add address, going on");
  });

  test("tells a person what it waits for", async () => {
    const bench = new Bench();
    const texts: string[] = [];
    const client = bench.start({
      onState: ({ text, hint }) => void texts.push(hint ? `${text}: ${hint}` : text),
    });
    await bench.clock.pass(14_000);
    client.carrier(false);
    expect(texts).toEqual([
      "asking for an address soon",
      "asking for an address",
      "link up, no answer to DHCP: the switch may still hold the port (STP)",
      "link up, no answer to DHCP: the switch may still hold the port (STP)",
      "no cable, no carrier",
    ]);
  });

  test("ends at the signal: socket closed, no timer left, deaf to events", async () => {
    const bench = new Bench();
    const client = await bench.bind();
    bench.abort.abort();
    expect(bench.socket.isClosed).toBe(true);
    expect(bench.clock.isIdle).toBe(true);
    const lines = bench.log.lines.length;
    client.carrier(false);
    expect(bench.log.lines.length).toBe(lines);
    expect(bench.leases).toEqual(["10.9.0.50"]);
  });

  test("does nothing where the signal was given before", async () => {
    const bench = new Bench();
    bench.abort.abort();
    bench.start();
    await bench.clock.pass(100_000);
    expect(bench.network.calls).toEqual([]);
  });
});
