/** The part of systeminformation that is imported by itself has the types of the whole. */
declare module "systeminformation/lib/memory.js" {
  export const mem: typeof import("systeminformation").mem;
}
