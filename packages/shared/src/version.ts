/** The version of this software, as every process of it tells. */
import manifest from "../package.json" with { type: "json" };

export const version: string = manifest.version;
