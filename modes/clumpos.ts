import { screenService } from "./screen-service.ts";
import { defineMode } from "./mode.ts";

export const clumpos = defineMode({
  name: "clumpos",
  title: "ClumpOS",
  summary: "configured, with clumpview on every console",
  configures: true,
  yieldsToShift: true,
  services: (consoles) => [screenService(consoles)],
});
