/** The imported file of systeminformation has the types of the whole package. */
declare module "systeminformation/lib/memory.js" {
  export const mem: typeof import("systeminformation").mem;
}
