import { decodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";

/** What `ProposalCreated` of a governor says, with the description as it was written. */
const CREATED = parseAbiParameters(
  "uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, bytes description",
);

/**
 * Hash of a proposal's description, by which governors know the proposal. It is of the bytes: who reads them as text loses a
 * byte order mark, and all that is no UTF-8.
 *
 * @param data Data of the event `ProposalCreated`.
 */
export function descriptionHash(data: Hex): Hex {
  const [, , , , , , , , description] = decodeAbiParameters(CREATED, data);
  return keccak256(description);
}
