import { expect, test } from "bun:test";
import { parseSlurmRequest } from "../../../../modes/slurm/slurm-request.ts";

test.each(["ctl", "ctl.example.org", "10.0.0.1", "10.0.0.1:6817", "ctl1:6817,ctl2:6817"])(
  "parseSlurmRequest() takes %s",
  (value) => {
    expect(parseSlurmRequest(value)).toEqual({ controllers: value });
  },
);

test.each(["", ",", "ctl,", "-Z", "ctl 2", "ctl:", "ctl:port", "a_b", "ctl.", "$(x)"])(
  "parseSlurmRequest() refuses %p",
  (value) => {
    expect(parseSlurmRequest(value)).toBeUndefined();
  },
);
