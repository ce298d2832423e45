import { defineMode } from "./mode.ts";
import { shellService } from "./shell-service.ts";

export const safe = defineMode({
  name: "safe",
  title: "Safe",
  summary: "a shell on every console, nothing probed, nothing configured",
  configures: false,
  yieldsToShift: false,
  hasDesktop: false,
  services: ({ consoles, locksShells }) => consoles.map((console) => shellService(console, locksShells)),
});
