import { expect, test } from "bun:test";
import { startDhcpServer } from "../../../../../assets/qemu/lan/dhcp-server.ts";
import { addressBytes, writeDatagram } from "../../../../../assets/qemu/lan/frames.ts";
import { userNetworkMac } from "../../../../../assets/qemu/nics.ts";

const GATEWAY = "10.9.1.253";

/** A frame with its length before it, as QEMU sends it. */
function frameFrom(mac: string, fromPort: number): Buffer {
  const hardware = Buffer.from(mac.replaceAll(":", ""), "hex");
  const datagram = {
    fromPort,
    toPort: 68,
    source: GATEWAY,
    destination: "255.255.255.255",
    payload: Buffer.alloc(300),
  };
  const frame = writeDatagram(datagram, hardware, Buffer.alloc(6, 255));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

test("userNetworkMac() is the address of QEMU's user network", () => {
  expect(userNetworkMac("192.168.1.253")).toBe("52:55:c0:a8:01:fd");
  expect(addressBytes(GATEWAY).toHex()).toBe("0a0901fd");
});

test("a user network on the wire leases nothing, and the rest of it passes", async () => {
  using server = startDhcpServer({
    ...{ server: "10.9.1.254", client: "10.9.1.1", leaseSeconds: 60 },
    userNetwork: userNetworkMac(GATEWAY),
  });
  const heard = Promise.withResolvers<Buffer>();
  const node = await Bun.connect({ unix: server.path, socket: { data: (_, bytes) => heard.resolve(bytes) } });
  const gateway = await Bun.connect({ unix: server.path, socket: { data: () => {} } });
  const passes = frameFrom(userNetworkMac(GATEWAY), 80);
  gateway.write(Buffer.concat([frameFrom(userNetworkMac(GATEWAY), 67), passes]));
  expect(await heard.promise).toEqual(passes);
  for (const socket of [node, gateway]) socket.end();
});
