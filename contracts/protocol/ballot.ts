import type { Address } from "viem";

/** Choices of a ballot by name, as `GovernorCountingSimple.VoteType` counts. */
export const SUPPORT = { against: 0, for: 1, abstain: 2 } as const;

/** One of {@link SUPPORT}. */
export type Choice = keyof typeof SUPPORT;

/** A ballot that is signed, and sent by anybody. */
export interface Ballot {
  proposalId: bigint;
  support: number;
  voter: Address;
  /** The voter's number of signed ballots before this one. */
  nonce: bigint;
}

/** EIP-712 data of a ballot, as `MeshGovernor.castVoteBySig` checks them. */
export function ballotData({ chainId, governor }: { chainId: number; governor: Address }, ballot: Ballot) {
  return {
    domain: { name: "MeshGovernor", version: "1", chainId, verifyingContract: governor },
    types: {
      Ballot: [
        { name: "proposalId", type: "uint256" },
        { name: "support", type: "uint8" },
        { name: "voter", type: "address" },
        { name: "nonce", type: "uint256" },
      ],
    },
    primaryType: "Ballot",
    message: ballot,
  } as const;
}
