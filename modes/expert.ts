import { clusterService } from "./cluster-service.ts";
import { defineMode } from "./mode.ts";
import { shellService } from "./shell-service.ts";

export const expert = defineMode({
  name: "expert",
  title: "Expert",
  summary: "configured, with a shell on every console",
  configures: true,
  yieldsToShift: false,
  hasDesktop: false,
  services: ({ consoles, locksShells }) => [
    clusterService(),
    ...consoles.map((console) => shellService(console, locksShells)),
  ],
});
