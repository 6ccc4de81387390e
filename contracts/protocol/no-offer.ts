import { zeroAddress } from "viem";

/** What `LeaseEscrow.open` takes in place of an operator's offer, where a listing needs none. */
export const NO_OFFER = { signer: zeroAddress, expiresAt: 0n, nonce: 0n, signature: "0x" } as const;
