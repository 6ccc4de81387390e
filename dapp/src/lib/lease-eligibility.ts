import { type Buyer, isAdmitted, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { PRIVACY_SENTENCES } from "./market-words.ts";

/** Whether somebody can lease, and why (not). */
export interface Eligibility {
  may: boolean;
  /** A few words, for a badge. */
  word: string;
  sentence: string;
}

const ADMITTED: Readonly<Record<Buyer, string>> = {
  Stranger: "Everybody can lease this.",
  Member: "You are a member, so you can lease this.",
  Invited: "You hold an offer of the operator, so you can lease this.",
  Own: "You act for the operator, so you can lease this.",
};

const REFUSED: Readonly<Record<PrivacyLevel, string>> = {
  Private: "",
  PrivateNetwork: " Ask the operator to add your wallet.",
  P2P: " Ask the operator for an offer, and load its file here.",
  PublicNetwork: " Register as an operator to become a member.",
  FullPublic: "",
};

/** What the screen says about a wallet that is `buyer` to a listing; undefined while no wallet is connected. */
export function eligibilityOf(privacy: PrivacyLevel, buyer: Buyer | undefined): Eligibility {
  const rule = PRIVACY_SENTENCES[privacy];
  if (buyer === undefined) {
    const isOpen = privacy === "FullPublic";
    return { may: isOpen, word: isOpen ? "Open to all" : "Connect to see", sentence: rule };
  }
  if (isAdmitted(privacy, buyer)) {
    const word = privacy === "FullPublic" ? "You can lease" : buyer === "Own" ? "Your own" : "You are admitted";
    return { may: true, word, sentence: privacy === "FullPublic" ? rule : ADMITTED[buyer] };
  }
  const word = privacy === "P2P" ? "Needs an offer" : "Not for you";
  return { may: false, word, sentence: `${rule}${REFUSED[privacy]}` };
}
