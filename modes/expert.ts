import { defineMode } from "./mode.ts";

export const expert = defineMode({
  name: "expert",
  title: "Expert",
  summary: "configured, with a shell on every console",
  configures: true,
  yieldsToShift: false,
  services: ["clumpd", "clumpjobs", "shells", "clumpserve", "clumpweb", "ssh", "slurm", "demo"],
});
