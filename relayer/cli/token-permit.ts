import { type Address, domainSeparator, encodeAbiParameters, type Hex, parseAbi, parseSignature } from "viem";
import type { Session } from "./chain-session.ts";
import type { Token } from "./tokens.ts";
import type { WalletSession } from "./transaction.ts";

/** Life of a permit. */
const PERMIT_SECONDS = 3_600n;

const permitAbi = parseAbi([
  "function name() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])",
]);

/** A signed ERC-2612 permit. */
export interface Permit {
  deadline: bigint;
  v: number;
  r: Hex;
  s: Hex;
}

/** Domain of a token's permits. */
export interface PermitDomain {
  name: string;
  version: string;
  chainId: number;
  verifyingContract: Address;
}

/** A permit in the form that functions with a `permit` of bytes take. */
export function permitBytes({ deadline, v, r, s }: Permit): Hex {
  const types = [{ type: "uint256" }, { type: "uint8" }, { type: "bytes32" }, { type: "bytes32" }] as const;
  return encodeAbiParameters(types, [deadline, v, r, s]);
}

/** The domain of a token's permits, undefined when it takes none of ERC-2612. */
export async function permitDomain(
  { client, network }: Session,
  { address }: Pick<Token, "address">,
): Promise<PermitDomain | undefined> {
  const token = { address, abi: permitAbi } as const;
  const described = client
    .readContract({ ...token, functionName: "eip712Domain" })
    .then(([, name, version]) => ({ name, version }))
    .catch(async () => ({ name: await client.readContract({ ...token, functionName: "name" }), version: "1" }));
  try {
    const [separator, names] = await Promise.all([
      client.readContract({ ...token, functionName: "DOMAIN_SEPARATOR" }),
      described,
    ]);
    const domain = { ...names, chainId: network.chainId, verifyingContract: address };
    return domainSeparator({ domain }) === separator ? domain : undefined;
  } catch {
    return undefined;
  }
}

/** Signs a permit that lets `spender` take an amount, and no more, within the hour. */
export async function signPermit(
  { client, account }: WalletSession,
  domain: PermitDomain,
  { spender, wei }: { spender: Address; wei: bigint },
): Promise<Permit> {
  const token = { address: domain.verifyingContract, abi: permitAbi } as const;
  const [{ timestamp }, nonce] = await Promise.all([
    client.getBlock(),
    client.readContract({ ...token, functionName: "nonces", args: [account.address] }),
  ]);
  const deadline = timestamp + PERMIT_SECONDS;
  const signature = await account.signTypedData({
    domain,
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner: account.address, spender, value: wei, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: 27 + yParity, r, s };
}
