import { expect, test } from "bun:test";
import { findToolsUrl, parseToolsUrl } from "../../../../modes/tools/tools-url.ts";

const FROM = "BOOTIF=01-52-54-00-12-34-56 ip=10.0.0.5:10.0.0.1:10.0.0.254:255.255.255.0";

test.each([
  ["without an option", "console=ttyS0 clump.tools quiet", undefined],
  ["by the option", "clump.tools=http://10.0.0.1/clump/tools.img quiet", "http://10.0.0.1/clump/tools.img"],
  [
    "by the last option that is a URL",
    "clump.tools=http://a/b clump.tools=https://c/d clump.tools=no",
    "https://c/d",
  ],
  ["by TFTP from the server of the boot loader", FROM, "tftp://10.0.0.1/clump/tools.img"],
  ["by the option before the boot loader", `${FROM} clump.tools=http://a/b`, "http://a/b"],
  ["not from a gateway", "ip=10.0.0.5::10.0.0.1:255.255.255.0:pc:eth0:none", undefined],
])("findToolsUrl() %s", (_name, commandLine, url) => {
  expect(findToolsUrl(`${commandLine}\n`)?.href).toBe(url);
});

test.each(["", "tools.img", "ftp://a/b", "file:///tools.img", "http://", "http://a:b@c/d"])(
  "parseToolsUrl() refuses %j",
  (value) => {
    expect(parseToolsUrl(value)).toBeUndefined();
  },
);
