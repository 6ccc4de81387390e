import { accountOf } from "./mesh-chain.ts";
import { MALLORY } from "./mesh-people.ts";

/** Interim proposer of a devnet. */
export const COUNCIL = accountOf(1);
/** Approver of a devnet. */
export const APPROVER = accountOf(5);
/** The operator of all nodes at the end of the history: identity 1. */
export const OWNER = MALLORY;
/** Voters whom the DAO admits. Ben moves to another wallet, Dora's time is short, Emil is revoked. */
export const [ADA, BEN, DORA, EMIL] = [accountOf(21), accountOf(22), accountOf(23), accountOf(24)];
/** Has MESH and no identity. */
export const HOLDER = accountOf(25);
/** Another wallet of Ben. */
export const NEXT_BEN = accountOf(26);
/** Identities of the operator and of the voters. */
export const [OWNERS, ADAS, BENS, DORAS, EMILS] = [1n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 200n, 2n ** 256n - 1n];
export const IDENTITIES = [OWNERS, ADAS, BENS, DORAS, EMILS];
/** Everybody who votes, or tries to. */
export const VOTERS = [OWNER, ADA, BEN, NEXT_BEN, DORA, EMIL, HOLDER];
