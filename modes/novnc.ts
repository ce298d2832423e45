import { clusterService } from "./cluster-service.ts";
import { defineMode } from "./mode.ts";
import { screenService } from "./screen-service.ts";
import { virtualConsoleServices } from "./virtual-consoles.ts";

export const novnc = defineMode({
  name: "novnc",
  title: "NoVNC",
  summary: "configured, with clumpview on every console and no VNC server",
  configures: true,
  yieldsToShift: true,
  hasDesktop: false,
  services: (setting) => [
    clusterService(),
    screenService(setting.consoles),
    ...virtualConsoleServices(setting),
  ],
});
