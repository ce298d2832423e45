import { clusterService } from "./cluster-service.ts";
import { defineMode } from "./mode.ts";
import { screenService } from "./screen-service.ts";

export const clumpos = defineMode({
  name: "clumpos",
  title: "ClumpOS",
  summary: "configured, with clumpview on every console",
  configures: true,
  yieldsToShift: true,
  services: (consoles) => [clusterService(), screenService(consoles)],
});
