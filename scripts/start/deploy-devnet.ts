// Deploys the contracts of a devnet to the chain node at PQMESH_RPC_URL and writes what network.json needs to a file:
// node scripts/start/deploy-devnet.ts EPOCH_SECONDS FILE. Runs as a process of its own, so that Hardhat's memory is free again.
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import { deployPqmesh } from "../deploy/deploy.ts";
import { devnetParameters } from "../deploy/parameters.ts";
import { DEVNET_CHAIN_ID } from "@pqmesh/contracts/protocol/development-keys";
import { developmentAccount } from "./accounts.ts";

const [epochSeconds, file] = process.argv.slice(2);
if (!epochSeconds || !file) throw new Error("usage: deploy-devnet.ts EPOCH_SECONDS FILE");
const address = (role: Parameters<typeof developmentAccount>[0]) => developmentAccount(role, DEVNET_CHAIN_ID).address;
const connection = await hre.network.create("devnet");
const now = (await connection.ethers.provider.getBlock("latest"))?.timestamp ?? 0;
const roles = {
  interimProposer: address("council"),
  approver: address("approver"),
  teamBeneficiary: address("team"),
  investorBeneficiary: address("investors"),
  stablecoinMinter: address("faucet"),
};
const parameters = devnetParameters(roles, now, Number(epochSeconds));
const { instances: _, ...deployment } = await deployPqmesh({ connection, parameters });
writeFileSync(file, JSON.stringify(deployment));
process.exit(0);
