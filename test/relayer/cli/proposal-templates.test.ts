import { CONTRACT_NAMES } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import { type Address, numberToHex } from "viem";
import type { Session } from "../../../relayer/cli/chain-session.ts";
import { admitVoterCall } from "../../../relayer/cli/proposal-templates.ts";

const CONTRACTS = Object.fromEntries(CONTRACT_NAMES.map((name, i) => [name, numberToHex(i + 1, { size: 20 })]));
const VOTER = { account: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", identity: "0x100000007", days: "30" };

describe("a proposal to admit a voter", () => {
  /** A chain whose votes follow a gate. */
  const session = (gate: string) =>
    ({
      network: { contracts: CONTRACTS },
      client: {
        readContract: ({ functionName }: { functionName: string }) =>
          functionName === "gate" ? Promise.resolve(gate as Address) : Promise.reject(new Error(functionName)),
        getBlock: () => Promise.resolve({ timestamp: 1_900_000_000n }),
      },
    }) as unknown as Session;

  it("is made while the DAO admits voters", async () => {
    const { target } = await admitVoterCall(session(CONTRACTS["AdmittedIdentities"]!), VOTER);
    expect(target).to.equal(CONTRACTS["AdmittedIdentities"]);
  });

  it("is refused once votes follow certificates", async () => {
    const refused = await admitVoterCall(session(CONTRACTS["CertificateRegistry"]!), VOTER).catch(
      (error: Error) => error,
    );
    expect(refused).to.be.instanceOf(Error);
    expect((refused as Error).message).to.include("votes follow certificates in this network");
  });
});
