import { describe, expect, test } from "bun:test";
import { matchesPattern, parseAliases } from "../../../../probes/modules/alias.ts";
import { MODULE_ALIASES } from "../../../fixtures/root.ts";

const TABLE = parseAliases(MODULE_ALIASES);

describe("find()", () => {
  test.each<[string, string, string[]]>([
    ["an e1000", "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00", ["e1000"]],
    ["an RTL8168", "pci:v000010ECd00008168sv00001043sd00008554bc02sc00i00", ["r8169"]],
    ["an RTL8139, which two drivers want", "pci:v000010ECd00008139sv1sd1bc02sc00i00", ["8139cp", "8139too"]],
    ["a virtio adapter on PCI", "pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00", ["virtio_pci"]],
    ["a virtio adapter on its own bus", "virtio:d00000001v00001AF4", ["virtio_net"]],
    ["an xHCI of any maker", "pci:v00001B36d0000000Dsv00001AF4sd00001100bc0Csc03i30", ["xhci_pci"]],
    ["a file system", "fs-ext4", ["ext4"]],
    ["a processor's feature", "cpu:type:x86,ven0000fam0006mod003A:feature:,0099,", ["aesni_intel"]],
    ["a release within brackets", "usb:v1645p0007d0132dc00dsc00dp00ic08isc06ip50in00", ["usb_storage"]],
  ])("finds the drivers of %s", (_, modalias, modules) => {
    expect(TABLE.find(modalias).toSorted()).toEqual(modules);
  });

  test.each([
    ["a device nobody knows", "pci:v0000DEADd0000BEEFsv00000000sd00000000bc02sc00i00"],
    ["a release outside the brackets", "usb:v1645p0007d0134dc00dsc00dp00ic08isc06ip50in00"],
    ["a part of an alias", "fs-ext"],
    ["more than an alias", "fs-ext4x"],
    ["nothing", ""],
  ])("finds none for %s", (_, modalias) => {
    expect(TABLE.find(modalias)).toEqual([]);
  });

  test("names a module once", () => {
    const table = parseAliases("alias usb:a* b\nalias usb:a* a\nalias usb:a?c b\nalias usb:abc c\n");
    expect(table.find("usb:abc").toSorted()).toEqual(["a", "b", "c"]);
    expect(parseAliases("alias x* b\nalias x* a\nalias x* b\n").find("x1").toSorted()).toEqual(["a", "b"]);
  });

  test("finds what a comparison with every line finds, in the order of the lines", () => {
    const lines = [
      ["pci:v00001AF4d00001000sv*sd*bc*sc*i*", "first_line"],
      ["pci:v*d*sv*sd*bc02sc*i*", "any_vendor"],
      ["pci:v00001AF4d*sv*sd*bc*sc*i*", "one_vendor"],
      ["pci:v00001AF4", "the_beginning_alone"],
      ["pci:v00001AF5d00001000sv*sd*bc*sc*i*", "another_vendor"],
      ["pci:v00001AF4d00001000sv*sd*bc02sc*i*", "last_line"],
    ] as const;
    const table = parseAliases(lines.map(([pattern, module]) => `alias ${pattern} ${module}`).join("\n"));
    for (const modalias of [
      "pci:v00001AF4d00001000sv0sd1bc02sc00i00",
      "pci:v00001AF4",
      "pci:v00001AF",
      "pci:v",
    ])
      expect(table.find(modalias)).toEqual(
        lines.filter(([pattern]) => matchesPattern(pattern, modalias)).map(([, module]) => module),
      );
    expect(table.find("pci:v00001AF4d00001000sv0sd1bc02sc00i00")).toEqual([
      ...["first_line", "any_vendor", "one_vendor", "last_line"],
    ]);
  });

  test.each(["", "# alias usb:abc a", "alias usb:abc", "options usb:abc a", "\nalias\n\n"])(
    "skips %j",
    (text) => {
      expect(parseAliases(text).find("usb:abc")).toEqual([]);
    },
  );
});

describe("matchesPattern()", () => {
  test.each([
    ["a*c", "abbc", true],
    ["a*c", "ac", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a[1-3]c", "a2c", true],
    ["a[1-3]c", "a4c", false],
    ["a*b*a", "aba", true],
    ["a*b*a", "ab", false],
    ["ab*ba", "aba", false],
    ["*b*d", "abcd", true],
    ["*b*c", "acb", false],
    ["a*", "ba", false],
    ["a.c", "abc", false],
    ["a+", "aa", false],
    ["a|b", "a", false],
    ["(a)", "(a)", true],
    ["a$", "a$", true],
    ["*", "", true],
    ["*", "two\nlines", true],
    ["a", "A", false],
    ["b", "abc", false],
  ])("%s and %j: %p", (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });
});
