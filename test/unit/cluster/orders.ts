import type { PowerOrders } from "../../../cluster/daemon/control-context.ts";

/** Orders that move nothing, for control ports of which a test asks other things. */
export const NO_ORDERS: PowerOrders = { follow: () => {}, sleepers: () => [], wake: () => {} };
