import { describe, expect, test } from "bun:test";
import { readPxeOptions } from "../../../../assets/pxe/options.ts";

describe("readPxeOptions()", () => {
  test.each([
    ["http://10.0.0.1", "http://10.0.0.1"],
    ["http://10.0.0.1/", "http://10.0.0.1"],
    ["http://boot.example:8080/a/b//", "http://boot.example:8080/a/b"],
    ["http://[fd00::1]/clump", "http://[fd00::1]/clump"],
  ])("takes --http %s as %s", (text, http) => {
    expect(readPxeOptions(["--http", text])).toEqual({ nodes: undefined, http, update: false });
  });

  test.each([
    "foo",
    "10.0.0.1",
    "https://10.0.0.1",
    "http://",
    "http:10.0.0.1",
    "http://a b",
    "http://a/?b",
    "http://a/#b",
    "http://user@a",
    "http://a/$b",
    "",
  ])("refuses --http %p", (text) => {
    const message = `Cannot use --http ${text}: the URL of the folder was wanted, as http://10.0.0.1`;
    expect(() => readPxeOptions([`--http=${text}`])).toThrow(message);
  });
});
