import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { AttestingNode, MEASUREMENT } from "../../helpers/attesting-node.ts";
import {
  addNodes,
  approveMeasurement,
  deployTestNetwork,
  seatCommittee,
  type TestNetwork,
} from "../../helpers/test-network.ts";
import type { Windows } from "../../../scripts/deploy/windows.ts";
import { EpochDriver } from "./epoch-driver.ts";
import { FixtureRelayer } from "./fixture-relayer.ts";
import { type IndexerProcess, startIndexer } from "./indexer-process.ts";
import { addVestingVaults } from "./vesting-vaults.ts";
import { serveSite, type Site } from "./site.ts";

/** Length of an epoch; short, so that reports follow each other quickly. */
const EPOCH_SECONDS = 6;

/** A small network as the dApp meets it: chain, contracts, indexer, a relayer, and the built site. */
export interface DappNetwork {
  url: string;
  config: NetworkConfig;
  chain: TestChain;
  network: TestNetwork;
  relayer: FixtureRelayer;
  driver: EpochDriver;
  indexer: IndexerProcess;
  site: Site;
  stop(): Promise<void>;
}

/** How a network of a test differs from others. */
export interface DappNetworkOptions {
  /** Nodes that attest. */
  nodes?: number;
  windows?: Windows;
}

/** Starts everything with `nodes` attesting nodes of one operator (account 0) and one relayer with four seats. */
export async function startDappNetwork({ nodes = 4, windows }: DappNetworkOptions = {}): Promise<DappNetwork> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const chain = await startAnvil();
    stops.push(() => chain.stop());
    const network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS, ...(windows && { windows }) });
    await addVestingVaults(network);
    await approveMeasurement(network, MEASUREMENT);
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const attesting = Array.from({ length: nodes }, (_, index) => new AttestingNode(index, domain, "dapp node"));
    await addNodes(
      network,
      attesting.map(({ publicKey }) => publicKey),
    );
    const seats = await seatCommittee(
      network,
      [4, 5, 6, 7].map((accountIndex) => ({ accountIndex, endpoint: "http://127.0.0.1:1" })),
    );
    await chain.rpc("evm_increaseTime", 6 * EPOCH_SECONDS);
    await chain.mine(16);
    await chain.rpc("evm_setIntervalMining", 1);

    const driver = new EpochDriver(network, seats, attesting);
    const relayer = await FixtureRelayer.listen(driver);
    stops.push(() => relayer.stop());
    const indexer = await startIndexer(network.config);
    stops.push(() => indexer.stop());
    driver.start();
    stops.push(() => driver.stop());
    const config: NetworkConfig = {
      ...network.config,
      name: "PQMesh test",
      indexerUrl: indexer.url,
      relayers: [{ address: seats[0]!.address, url: relayer.url }],
    };
    const site = await serveSite(config, chain);
    stops.push(() => site.stop());
    return { url: site.url, config, chain, network, relayer, driver, indexer, site, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Account whose wallet tests connect: funded with ETH, without MESH and without an identity. */
export const USER = testAccount(12);
