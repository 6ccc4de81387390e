import type { HostContext, HostFunctions } from "./host-context.ts";
import { conversionFunctions } from "./imports/conversion-functions.ts";
import { environmentFunctions } from "./imports/environment-functions.ts";
import { jsonFunctions } from "./imports/json-functions.ts";
import { decimalFunctions, integerFunctions } from "./imports/number-functions.ts";
import { storeFunctions } from "./imports/store-functions.ts";
import { yamlFunctions } from "./imports/yaml-functions.ts";

/** Every function that the engine offers to mappings, by the name they import. */
export function hostFunctions(context: HostContext): HostFunctions {
  return {
    ...storeFunctions(context),
    ...conversionFunctions(context),
    ...integerFunctions(context),
    ...decimalFunctions(context),
    ...jsonFunctions(context),
    ...yamlFunctions(context),
    ...environmentFunctions(context),
  };
}
