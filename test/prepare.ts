/** Makes all that machines of the tests boot, where it is not what the tree would make, as a program of its own. */

import { buildMedia } from "./media/media.ts";

await buildMedia();
