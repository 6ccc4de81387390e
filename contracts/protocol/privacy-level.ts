import { PRIVACY_LEVEL_NAMES } from "./market-names.ts";
import { wordsOf } from "./words.ts";

/** Who may lease, from nobody else to anybody; the position is the number of `INodeListings.PrivacyLevel`. */
export const PRIVACY_LEVELS = wordsOf(PRIVACY_LEVEL_NAMES);

/** Name of a level. */
export type PrivacyLevel = (typeof PRIVACY_LEVELS)[number];

/**
 * What a wallet is to a listing; the position is the number of `INodeListings.Buyer`. Own: owner or hot wallet of the node's
 * operator. Invited: named in an offer that the operator signed. Member: on the operator's list of members or, for
 * PublicNetwork, owner of any registered identity.
 */
export const BUYERS = ["Stranger", "Member", "Invited", "Own"] as const;

/** Name of a kind of buyer. */
export type Buyer = (typeof BUYERS)[number];

/** The published table: which kinds of buyer each level admits. The contract has the same one (`INodeListings.isAdmitted`). */
export const ADMISSIONS: Readonly<Record<PrivacyLevel, readonly Buyer[]>> = {
  Private: ["Own"],
  PrivateNetwork: ["Member", "Own"],
  P2P: ["Invited", "Own"],
  PublicNetwork: ["Member", "Own"],
  FullPublic: ["Stranger", "Member", "Invited", "Own"],
};

/** Returns true when a level admits a kind of buyer. */
export function isAdmitted(privacy: PrivacyLevel, buyer: Buyer): boolean {
  return ADMISSIONS[privacy].includes(buyer);
}
