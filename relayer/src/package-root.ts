import { findPackageJSON } from "node:module";
import path from "node:path";

/** Folder of this package, whether its sources run or what was bundled from them. */
export const PACKAGE_ROOT = path.dirname(findPackageJSON(import.meta.url) ?? "");
