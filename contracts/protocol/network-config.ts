import { type Address, isAddress } from "viem";

/** Contracts that every deployment has. */
export const CONTRACT_NAMES = [
  "MeshTimelock",
  "MeshToken",
  "CaesarEmissions",
  "TeamVesting",
  "InvestorVesting",
  "NetworkParameters",
  "NodeRegistry",
  "NodeStaking",
  "NodeDelegation",
  "NodeRewards",
  "NodeSlashing",
  "SlashProposals",
  "CertificateAuthorities",
  "CertificateRegistry",
  "AdmittedIdentities",
  "QuadraticVotes",
  "QuadraticRound",
  "MeshGovernor",
  "RelayerCommittee",
  "AttestationBridge",
  "MLDSA65Verifier",
  "MLDSA65KeyRegistry",
  "MLDSA65Switch",
  "PQAccountFactory",
  "AttestationDisputes",
  "MemberOffences",
  "CommitteeFees",
  "NodeOffences",
  "SelfAttestation",
  "NodeListings",
  "LeaseAgreements",
  "LeaseEscrow",
  "LeaseDisputes",
  "LeaseVouchers",
] as const;

/** Name of a contract of a deployment. */
export type ContractName = (typeof CONTRACT_NAMES)[number];

/** Where a deployment is reached: written by the deployer, read by every program and by the dApp as `/network.json`. */
export interface NetworkConfig {
  name: string;
  chainId: number;
  rpcUrl: string;
  indexerUrl: string;
  /** `url` is the read API; `session` is `host:port` where agents connect, for those who set an agent up. */
  relayers: { address: Address; url: string; session?: string }[];
  /** Only on a devnet. */
  faucetUrl?: string;
  epoch: { genesis: number; lengthSeconds: number };
  /** Block of the first contract; indexers and followers start here. */
  startBlock: number;
  /** SPIFFE trust domain of the network's certificates. */
  trustDomain: string;
  contracts: Record<ContractName, Address> & { TestStablecoin?: Address };
}

/** Checks a parsed network.json. @throws Error naming the first field that is wrong. */
export function parseNetworkConfig(value: unknown): NetworkConfig {
  const config = value as NetworkConfig;
  requireField(typeof config === "object" && config !== null, "network config", "an object");
  requireField(typeof config.name === "string" && config.name.length > 0, "name", "a text");
  requireField(isNatural(config.chainId), "chainId", "a natural number");
  requireField(isUrl(config.rpcUrl), "rpcUrl", "an http(s) URL");
  requireField(isUrl(config.indexerUrl), "indexerUrl", "an http(s) URL");
  requireField(Array.isArray(config.relayers), "relayers", "a list");
  config.relayers.forEach((relayer, i) => {
    requireField(isAddress(relayer?.address), `relayers[${i}].address`, "an address");
    requireField(isUrl(relayer.url), `relayers[${i}].url`, "an http(s) URL");
    const { session } = relayer;
    requireField(session === undefined || isHostAndPort(session), `relayers[${i}].session`, "host:port");
  });
  requireField(config.faucetUrl === undefined || isUrl(config.faucetUrl), "faucetUrl", "an http(s) URL");
  requireField(isNatural(config.epoch?.genesis), "epoch.genesis", "Unix seconds");
  requireField(isNatural(config.epoch.lengthSeconds), "epoch.lengthSeconds", "seconds");
  requireField(isNatural(config.startBlock), "startBlock", "a block number");
  requireField(typeof config.trustDomain === "string", "trustDomain", "a text");
  for (const name of CONTRACT_NAMES) {
    requireField(isAddress(config.contracts?.[name] ?? ""), `contracts.${name}`, "an address");
  }
  return config;
}

function requireField(ok: boolean, field: string, expected: string): void {
  if (!ok) throw new Error(`network config: ${field} must be ${expected}`);
}

function isNatural(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isHostAndPort(value: unknown): boolean {
  return typeof value === "string" && /^[^\s/@]+:\d{1,5}$/.test(value);
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value);
}
