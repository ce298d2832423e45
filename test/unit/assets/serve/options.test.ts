import { describe, expect, test } from "bun:test";
import { readServeOptions } from "../../../../assets/serve/options.ts";

describe("readServeOptions()", () => {
  test("answers beside an existing DHCP server, with files on port 80, by default", () => {
    expect(readServeOptions(["--interface", "eth1"])).toEqual({ interface: "eth1", httpPort: 80 });
  });

  test("takes the last of an option given twice", () => {
    const argv = ["--interface=a", "--interface=b", "--dhcp=10.0.0.5,10.0.0.9", "--dhcp=10.0.0.6,10.0.0.7"];
    const more = ["--http-port=81", "--http-port=82", "--nodes=x", "--nodes=y"];
    const pool = ["10.0.0.6", "10.0.0.7"] as const;
    expect(readServeOptions([...argv, ...more])).toEqual({ interface: "b", httpPort: 82, pool, nodes: "y" });
  });

  test.each([
    [[], "interface"],
    [["--interface", "a", "--dhcp", "10.0.0.5"], "two addresses were wanted"],
    [["--interface", "a", "--http-port", "0"], "a whole number from 1 to 65535 was wanted"],
    [["--interface", "a", "--http-port", "http"], "Cannot use --http-port http: a whole number"],
    [["--interface", "a", "eth1"], "eth1"],
  ])("refuses %j", (argv, message) => {
    expect(() => readServeOptions(argv)).toThrow(message);
  });
});
