import { defineMode } from "./mode.ts";

export const safe = defineMode({
  name: "safe",
  title: "Safe",
  summary: "a shell on every console, nothing probed, nothing configured",
  configures: false,
  yieldsToShift: false,
  services: ["shells"],
});
