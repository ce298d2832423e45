import { clusterService } from "./cluster-service.ts";
import { defineMode } from "./mode.ts";
import { screenService } from "./screen-service.ts";

export const novnc = defineMode({
  name: "novnc",
  title: "NoVNC",
  summary: "configured, with clumpview on every console and no VNC server",
  configures: true,
  yieldsToShift: true,
  hasDesktop: false,
  services: ({ consoles }) => [clusterService(), screenService(consoles)],
});
