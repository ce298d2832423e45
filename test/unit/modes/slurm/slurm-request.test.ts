import { expect, test } from "bun:test";
import { parseControllers } from "../../../../modes/slurm/slurm-request.ts";

test.each(["ctl", "ctl.example.org", "10.0.0.1", "10.0.0.1:6817", "ctl1:6817,ctl2:6817"])(
  "parseControllers() takes %s",
  (value) => {
    expect(parseControllers(value)).toBe(value);
  },
);

test.each([",", "ctl,", "-Z", "ctl 2", "ctl:", "ctl:port", "a_b", "ctl.", "$(x)"])(
  "parseControllers() refuses %p",
  (value) => {
    expect(parseControllers(value)).toBeUndefined();
  },
);
