import { describe, expect, test } from "bun:test";
import {
  describeTarget,
  parseTarget,
  parseTargetOption,
  placeIn,
} from "../../../../system/state/report-target.ts";

describe("parseTarget()", () => {
  test.each([
    ["usb", "a USB disk"],
    ["http://10.0.0.1/reports/", "http://10.0.0.1/reports/"],
    ["https://admin:word@logs.example.org:8443/put", "https://logs.example.org:8443/put"],
    ["tftp://10.0.0.1/reports/pc7.txt", "tftp://10.0.0.1/reports/pc7.txt"],
    ["udp://10.0.0.1:5140", "syslog at 10.0.0.1, port 5140"],
    ["udp://10.0.0.1", "syslog at 10.0.0.1, port 514"],
    ["syslog://logs.example.org", "syslog at logs.example.org, port 514"],
    ["syslog://[fd00::1]", "syslog at fd00::1, port 514"],
  ])("takes %s", (text, described) => {
    expect(describeTarget(parseTarget(text))).toBe(described);
  });

  test.each([
    ["a TFTP server's port", "tftp://10.0.0.1/", 69],
    ["one that is named", "tftp://10.0.0.1:6969/", 6969],
  ])("knows %s", (_, text, port) => {
    expect(parseTarget(text)).toMatchObject({ kind: "tftp", host: "10.0.0.1", port });
  });

  test.each([
    "",
    "USB",
    "10.0.0.1",
    "logs.example.org:514",
    "ftp://10.0.0.1/",
    "udp://",
    "udp://h:70000",
    "/dev/sda1",
  ])("refuses %p and says what was wanted", (text) => {
    expect(() => parseTarget(text)).toThrow(
      "http(s)://HOST/PATH, tftp://HOST/PATH, udp://HOST:PORT, syslog://HOST or usb",
    );
    expect(parseTargetOption(text)).toBeUndefined();
  });

  test("refuses without showing a password", () => {
    expect(() => parseTarget("ftp://me:sesame@host/")).toThrow("ftp://***@host/");
    expect(() => parseTarget("ftp://me:sesame@host/")).not.toThrow("sesame");
  });
});

describe("placeIn()", () => {
  test.each([
    ["http://10.0.0.1", "http://10.0.0.1/pc7.txt"],
    ["http://10.0.0.1/reports/", "http://10.0.0.1/reports/pc7.txt"],
    ["http://10.0.0.1/reports/?key=1", "http://10.0.0.1/reports/pc7.txt?key=1"],
    ["http://10.0.0.1/reports/mine", "http://10.0.0.1/reports/mine"],
    ["tftp://10.0.0.1", "tftp://10.0.0.1/pc7.txt"],
    ["tftp://10.0.0.1/reports/", "tftp://10.0.0.1/reports/pc7.txt"],
    ["tftp://10.0.0.1/mine", "tftp://10.0.0.1/mine"],
  ])("of %s is %s", (url, place) => {
    expect(placeIn(new URL(url), "pc7.txt").href).toBe(place);
  });
});
