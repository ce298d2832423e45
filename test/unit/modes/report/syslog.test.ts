import { describe, expect, test } from "bun:test";
import { syslogMessages } from "../../../../modes/report/syslog.ts";

const FROM = { hostname: "pc 7", time: new Date(0) };

describe("syslogMessages()", () => {
  test("are lines in the form of RFC 5424, numbered, without empty ones", () => {
    expect(syslogMessages("one\n\ntwo\n", FROM)).toEqual([
      '<14>1 1970-01-01T00:00:00.000Z pc7 clump - report [meta sequenceId="1"] one',
      '<14>1 1970-01-01T00:00:00.000Z pc7 clump - report [meta sequenceId="2"] two',
    ]);
  });

  test("cut a long line into whole characters, all of them", () => {
    const line = "ä".repeat(1_500);
    const pieces = syslogMessages(line, FROM).map((message) => message.replace(/^.*\] /, ""));
    expect(pieces.map(({ length }) => length)).toEqual([512, 512, 476]);
    expect(pieces.join("")).toBe(line);
  });

  test("never have an empty name", () => {
    expect(syslogMessages("one", { ...FROM, hostname: " " })[0]).toContain("Z - clump - report");
  });
});
