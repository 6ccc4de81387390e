import { hashForAccount } from "@pqmesh/contracts/protocol/account-order";
import { SIGNATURE_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { type Ballot, ballotData, SUPPORT } from "@pqmesh/contracts/protocol/ballot";
import { type Address, getAddress, type Hex, hashTypedData } from "viem";
import { z } from "zod";
import { refuted } from "./output.ts";
import { decimalText, hexOf, parseRequest } from "./request-file.ts";
import { isoTime } from "./iso-time.ts";

const ECDSA_BYTES = 65;

/** A ballot on its way to the key that signs it, and back. */
const requestSchema = z.strictObject({
  format: z.literal("pqmesh-ballot"),
  version: z.literal(1),
  chainId: z.int().min(1),
  governor: hexOf(20),
  proposalId: decimalText,
  choice: z.enum(["for", "against", "abstain"]),
  voter: hexOf(20),
  nonce: decimalText,
  /** Key of the voter when that is an account with a post-quantum key; null for a wallet. */
  keyId: hexOf(32).nullable(),
  /** End of voting, Unix seconds. */
  deadline: z.int().min(1),
  digest: hexOf(32),
});
const signedSchema = requestSchema.extend({ signature: z.union([hexOf(SIGNATURE_BYTES), hexOf(ECDSA_BYTES)]) });

/** What a voter is asked to sign. */
export type BallotRequest = z.infer<typeof requestSchema>;
/** The same with the signature. */
export type SignedBallot = z.infer<typeof signedSchema>;

/** Makes the request for a ballot. */
export function ballotRequest(fields: Omit<BallotRequest, "format" | "version" | "digest">): BallotRequest {
  const lower = (address: string) => address.toLowerCase();
  const request = { ...fields, governor: lower(fields.governor), voter: lower(fields.voter) };
  return { format: "pqmesh-ballot", version: 1, ...request, digest: digestOf(request) };
}

/** Reads a request and checks that its parts belong together. @throws CliError naming the first thing that is wrong. */
export function readBallotRequest(file: string): BallotRequest {
  return consistent(parseRequest(file, "ballot", requestSchema), file);
}

/** Reads a ballot that was signed; the chain judges its signature. @throws CliError naming the first thing that is wrong. */
export function readSignedBallot(file: string): SignedBallot {
  return consistent(parseRequest(file, "signed ballot", signedSchema), file);
}

/** The ballot as the governor takes it. */
export function ballotOf({ proposalId, choice, voter, nonce }: Omit<BallotRequest, "digest">): Ballot {
  return {
    proposalId: BigInt(proposalId),
    support: SUPPORT[choice],
    voter: getAddress(voter),
    nonce: BigInt(nonce),
  };
}

/** What a ballot means, for the person who signs or sends it. */
export function describeBallot({
  choice,
  proposalId,
  chainId,
  governor,
  voter,
  nonce,
  deadline,
  digest,
}: BallotRequest): string[] {
  return [
    `Vote ${choice} proposal ${proposalId} as ${getAddress(voter)}, on chain ${chainId}, governor ${getAddress(governor)}.`,
    `  nonce    ${nonce}`,
    `  good     until voting ends, ${isoTime(deadline)} as it is now`,
    `  digest   ${digest}`,
  ];
}

type Unhashed = Omit<BallotRequest, "digest" | "format" | "version">;

function digestOf(request: Unhashed): Hex {
  const { chainId, governor, keyId, voter } = request;
  const hash = hashTypedData(
    ballotData({ chainId, governor: governor as Address }, ballotOf(request as BallotRequest)),
  );
  return keyId === null ? hash : hashForAccount({ chainId, account: voter as Address }, hash);
}

function consistent<T extends BallotRequest>(request: T, file: string): T {
  if (digestOf(request) !== request.digest) throw refuted(`${file}: digest does not belong to the other fields`);
  return request;
}
