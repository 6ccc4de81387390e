import { defineConfig } from "hardhat/config";
import { DEVELOPMENT_MNEMONIC, DEVNET_CHAIN_ID, FUNDED_ACCOUNTS } from "@pqmesh/contracts/protocol/development-keys";

/**
 * Hardhat's settings as the chain node of a devnet. It looks for compiled contracts where there are none: it would read every
 * build to name what reverts, 200 MB for words that no part of the network reads.
 */
export default defineConfig({
  networks: {
    node: {
      type: "edr-simulated",
      chainType: "l1",
      hardfork: "osaka",
      chainId: DEVNET_CHAIN_ID,
      accounts: { mnemonic: DEVELOPMENT_MNEMONIC, count: FUNDED_ACCOUNTS },
      allowBlocksWithSameTimestamp: true,
      mining: { auto: true, interval: 0 },
    },
  },
  paths: { artifacts: "cache/chain-node" },
});
