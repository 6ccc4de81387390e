import type { Address, Hex } from "viem";
import { hexToBytes, recoverAddress } from "viem/utils";
import type { CommitteeMember } from "../chain/chain-view.ts";
import { verifyMlDsa65Async } from "../keystore/verify-ml-dsa-65.ts";
import type { MemberSignatures } from "./messages.ts";

/** The two keys of a member; viem's local accounts and `AttestationSigner` fit. */
export interface MemberKeys {
  /** Signs digests with ECDSA over secp256k1: 65 bytes r ‖ s ‖ v, low s. Its address is the member's. */
  account: { readonly address: Address; sign(digest: { hash: Hex }): Promise<Hex> };
  /** Signs 32-byte digests with ML-DSA-65. */
  report: { readonly publicKey: Uint8Array; sign(digest: Uint8Array): Uint8Array };
}

/** Half the order of secp256k1: the bridge refuses a greater s. */
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Signs a digest with both keys. */
export async function signWithBoth({ account, report }: MemberKeys, digest: Hex): Promise<MemberSignatures> {
  const ecdsaSignature = await account.sign({ hash: digest });
  const mldsaSignature: Hex = `0x${Buffer.from(report.sign(hexToBytes(digest))).toString("hex")}`;
  return { ecdsaSignature, mldsaSignature };
}

/** True when both signatures over a digest are the member's, in the form that the bridge accepts. */
export async function areSignaturesOf(
  { address, mldsaKey }: CommitteeMember,
  digest: Hex,
  { ecdsaSignature, mldsaSignature }: MemberSignatures,
): Promise<boolean> {
  if (!/^0x[0-9a-f]{128}1[bc]$/.test(ecdsaSignature)) return false;
  if (BigInt(`0x${ecdsaSignature.slice(66, 130)}`) > MAX_S) return false;
  const signer = await recoverAddress({ hash: digest, signature: ecdsaSignature }).catch(() => undefined);
  if (signer !== address) return false;
  return verifyMlDsa65Async(mldsaKey, hexToBytes(digest), hexToBytes(mldsaSignature));
}
