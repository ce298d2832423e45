/** Builds the image where it is not what the tree would make, as a program of its own. */

import { ensureImage } from "../assets/image/ensure.ts";

await ensureImage();
