import { defineMode } from "./mode.ts";

export const clumpos = defineMode({
  name: "clumpos",
  title: "ClumpOS",
  summary: "configured, with clumpview on every console and by VNC",
  configures: true,
  yieldsToShift: true,
  services: [
    "clumpd",
    "clumpjobs",
    "clumpview",
    "vnc",
    "virtualConsoles",
    "clumpserve",
    "clumpweb",
    "ssh",
    "slurm",
    "demo",
  ],
});
