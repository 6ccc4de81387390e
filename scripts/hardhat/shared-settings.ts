import type { ConfigHooks } from "hardhat/types/hooks";
import type { HardhatPlugin } from "hardhat/types/plugins";

const handlers: Partial<ConfigHooks> = {
  resolveUserConfig: async (userConfig, resolveVariable, next) => {
    const config = await next(userConfig, resolveVariable);
    for (const { overrides } of Object.values(config.solidity.profiles)) {
      const shared = new Map<string, (typeof overrides)[string]>();
      for (const [file, settings] of Object.entries(overrides)) {
        const key = JSON.stringify(settings);
        overrides[file] = shared.get(key) ?? settings;
        shared.set(key, overrides[file]);
      }
    }
    return config;
  },
};

/**
 * Lets files with equal overrides be compiled by one process: Hardhat 3 puts files together whose settings are one object,
 * and each process loads the compiler anew.
 */
export const sharedSettings: HardhatPlugin = {
  id: "pqmesh-shared-settings",
  hookHandlers: { config: () => Promise.resolve({ default: () => Promise.resolve(handlers) }) },
};
