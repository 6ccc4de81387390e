import { type Address, type Hex, isHex, size } from "viem";
import { registryOf } from "./certificate-view.ts";
import type { NetworkServices } from "./network-services.ts";

const ADDRESS_BYTES = 20;
/** ERC-7913: a verifier's address, and its key. */
const MOST_SIGNER_BYTES = 4_096;

/** Signers that may revoke, hold and release for an authority by signature: an address, or an ERC-7913 verifier and key. */
export async function readDelegates(services: NetworkServices, authorityId: number): Promise<Hex[]> {
  const contract = registryOf(services);
  const named = await services.client.getContractEvents({
    ...{ ...contract, eventName: "DelegateSet", args: { authorityId } },
    ...{ fromBlock: BigInt(services.config.startBlock), strict: true },
  });
  const signers = [...new Set(named.map(({ args }) => args.signer.toLowerCase() as Hex))];
  const allowed = await Promise.all(
    signers.map((signer) =>
      services.client.readContract({ ...contract, functionName: "isDelegate", args: [authorityId, signer] }),
    ),
  );
  return signers.filter((_, i) => allowed[i]);
}

/** First of some authorities that a wallet is a delegate of; undefined when of none. */
export async function readDelegatedAuthority(
  services: NetworkServices,
  authorityIds: readonly number[],
  wallet: Address,
): Promise<number | undefined> {
  const contract = { ...registryOf(services), functionName: "isDelegate" } as const;
  const answers = await Promise.all(
    authorityIds.map((id) => services.client.readContract({ ...contract, args: [id, wallet] })),
  );
  return authorityIds.find((_, i) => answers[i]);
}

/** Reads a signer as it was typed. */
export function readSigner(text: string): { signer: Hex } | { problem: string } {
  const signer = text.trim().toLowerCase();
  if (!isHex(signer) || signer.length % 2 === 1)
    return { problem: "Enter an address, or an ERC-7913 verifier and its key, in hex with 0x." };
  const bytes = size(signer);
  if (bytes < ADDRESS_BYTES)
    return { problem: `It has ${bytes} bytes; an address has 20, and a verifier with its key more.` };
  if (bytes > MOST_SIGNER_BYTES) return { problem: `It has ${bytes} bytes, more than ${MOST_SIGNER_BYTES}.` };
  return /^0x0*$/.test(signer.slice(0, 42))
    ? { problem: "It begins with the zero address, which nobody owns." }
    : { signer };
}
