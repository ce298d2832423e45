import { clusterService } from "./cluster-service.ts";
import { defineMode } from "./mode.ts";
import { screenService } from "./screen-service.ts";
import { virtualConsoleServices } from "./virtual-consoles.ts";
import { vncService } from "./vnc-service.ts";

export const clumpos = defineMode({
  name: "clumpos",
  title: "ClumpOS",
  summary: "configured, with clumpview on every console and by VNC",
  configures: true,
  yieldsToShift: true,
  hasDesktop: true,
  services: (setting) => {
    const { consoles, locksShells, access } = setting;
    return [
      clusterService(),
      screenService(consoles),
      ...(access?.vnc ? [vncService(access, locksShells)] : []),
      ...virtualConsoleServices(setting),
    ];
  },
});
