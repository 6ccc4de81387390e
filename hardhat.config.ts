import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition";
import hardhatIgnitionEthers from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { configVariable, defineConfig } from "hardhat/config";
import { branchCoverage } from "./scripts/hardhat/branch-coverage.ts";
import { pqVerify } from "./scripts/hardhat/pq-verify.ts";
import { sharedSettings } from "./scripts/hardhat/shared-settings.ts";

/** The long run of fuzz and invariant tests. */
const isDeep = process.env["PQMESH_DEEP_TESTS"] === "1";

/** A run that measures coverage: instrumented code takes many times the gas, and is kept apart from what is deployed. */
const isCoverage = process.env["PQMESH_COVERAGE"] === "1";

/** The bundled compiler, with more or fewer optimizer runs. */
const compilerOf = (runs: number) => ({
  version: "0.8.37",
  path: `${import.meta.dirname}/scripts/hardhat/soljson.ts`,
  settings: { evmVersion: "osaka", optimizer: { enabled: true, runs }, viaIR: false },
});

/** Settings of contracts with another number of optimizer runs than the rest. */
const compiledAs = (runs: number, names: string[]) =>
  Object.fromEntries(names.map((name) => [`contracts/${name}.sol`, compilerOf(runs)]));

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatIgnition,
    hardhatIgnitionEthers,
    hardhatMocha,
    hardhatNetworkHelpers,
    sharedSettings,
    ...(isCoverage ? [branchCoverage] : []),
  ],
  tasks: [pqVerify],
  solidity: {
    compilers: [compilerOf(10_000)],
    overrides: {
      // Fewer runs leave a fifth of the code size free, and cost a report about one gas per node.
      ...compiledAs(100, ["AttestationBridge"]),
      // More runs make this half of the escrow larger than a contract may be; what it does, a lease pays for a few times.
      ...compiledAs(100, ["LeaseAgreements", "LeaseDisputes"]),
      // The same; and what a vote costs is storage.
      ...compiledAs(200, ["MeshGovernor", "ProposalSettings"]),
      // Files of one setting are compiled by one process: one run less makes another, on another core.
      ...compiledAs(9_999, ["NodeDelegation", "NodeRewards", "NodeSlashing", "NodeStaking", "SlashProposals"]),
      ...compiledAs(9_999, ["LeaseEscrow", "LeaseVouchers", "NodeListings"]),
    },
  },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      hardfork: "osaka",
      chainId: 31337,
      ...(isCoverage && { blockGasLimit: 3_000_000_000 }),
    },
    devnet: {
      type: "http",
      chainType: "l1",
      chainId: 31337,
      url: process.env["PQMESH_RPC_URL"] ?? "http://127.0.0.1:8545",
    },
    external: {
      type: "http",
      chainType: "l1",
      url: configVariable("PQMESH_RPC_URL"),
      accounts: [configVariable("PQMESH_DEPLOYER_KEY")],
    },
  },
  paths: {
    sources: "contracts",
    tests: { mocha: "test/contracts", solidity: "test/contracts" },
    ...(isCoverage && { artifacts: "coverage/artifacts", cache: "coverage/cache" }),
  },
  test: {
    mocha: { timeout: 60_000 },
    solidity: {
      fuzz: { runs: isDeep ? 10_000 : 256, seed: "0x5051" },
      invariant: isDeep ? { runs: 500, depth: 100 } : { runs: 64, depth: 64 },
    },
  },
});
