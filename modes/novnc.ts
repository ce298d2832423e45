import { defineMode } from "./mode.ts";

export const novnc = defineMode({
  name: "novnc",
  title: "NoVNC",
  summary: "configured, with clumpview on every console and no VNC server",
  configures: true,
  yieldsToShift: true,
  services: [
    "clumpd",
    "clumpjobs",
    "clumpview",
    "virtualConsoles",
    "clumpserve",
    "clumpweb",
    "ssh",
    "slurm",
    "demo",
  ],
});
