import { expect, test } from "bun:test";
import { findInitramfsUrl } from "../../../../modes/rare-drivers/initramfs-url.ts";

test.each([
  ["clump.tools=http://10.0.0.1/clump/tools.img novnc", "http://10.0.0.1/clump/initramfs.img"],
  ["clump.tools=https://boot.example:8443/a/tools.img", "https://boot.example:8443/a/initramfs.img"],
  ["clump.tools=tftp://10.0.0.1/clump/tools.img", undefined],
  ["ip=10.0.0.9:10.0.0.1:10.0.0.1:255.255.255.0", undefined],
  ["novnc", undefined],
])("of %s", (commandLine, url) => {
  expect(findInitramfsUrl(commandLine)?.href).toBe(url);
});
