// Writes the event ABIs that the subgraph's manifest names, from the Hardhat artifacts of the interfaces; of contracts that
// inherit events from elsewhere, from the contract. `--check` compares instead of writing and exits 1 when a file is not
// current.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const INTERFACES = [
  "NodeRegistry",
  "NodeStaking",
  "NodeDelegation",
  "NodeSlashing",
  "SlashProposals",
  "NodeOffences",
  "NodeRewards",
  "CaesarEmissions",
  "RelayerCommittee",
  "CommitteeFees",
  "AttestationBridge",
  "AttestationDisputes",
  "MemberOffences",
  "SelfAttestation",
  "NodeListings",
  "LeaseEscrow",
  "LeaseDisputes",
  "NetworkParameters",
  "AdmittedIdentities",
  "QuadraticVotes",
  "QuadraticRound",
  "CertificateRegistry",
];
const CONTRACTS = ["VestingVault", "MeshGovernor", "MeshTimelock"];
const ARTIFACTS: Record<string, string> = {
  ...Object.fromEntries(INTERFACES.map((name) => [name, `interfaces/I${name}.sol/I${name}.json`])),
  ...Object.fromEntries(CONTRACTS.map((name) => [name, `${name}.sol/${name}.json`])),
};

interface AbiItem {
  type: string;
  name?: string;
}

const check = process.argv.includes("--check");
for (const [name, artifact] of Object.entries(ARTIFACTS)) {
  const { abi } = JSON.parse(readFileSync(path.join(ROOT, "artifacts/contracts", artifact), "utf8")) as {
    abi: AbiItem[];
  };
  const events = abi.filter((item) => item.type === "event");
  const text = `${JSON.stringify(events, null, 2)}\n`;
  const file = path.join(ROOT, `indexer/subgraph/abis/${name}.json`);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`indexer/subgraph/abis/${name}.json is not current: run node scripts/generate/subgraph-abis.ts`);
    process.exitCode = 1;
  }
}
