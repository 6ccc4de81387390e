import { type Address, concatHex, domainSeparator, type Hex, hashTypedData, keccak256, stringToHex } from "viem";
import type { GovernanceCall } from "./inner-calls.ts";

/** Where an account with a post-quantum key is. */
export interface AccountPlace {
  chainId: number;
  account: Address;
}

/** Calls that the key of an account signs for `PQAccount.execute`. */
export interface AccountOrder {
  calls: readonly GovernanceCall[];
  /** The account's number of orders before this one. */
  nonce: bigint;
  /** Unix seconds after which it cannot be sent. */
  deadline: bigint;
}

/** What an account's key signs for calls. */
export function hashAccountOrder(place: AccountPlace, { calls, nonce, deadline }: AccountOrder): Hex {
  return hashTypedData({
    domain: domainOf(place),
    types: {
      Execute: [
        { name: "calls", type: "Call[]" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
      Call: [
        { name: "target", type: "address" },
        { name: "value", type: "uint256" },
        { name: "data", type: "bytes" },
      ],
    },
    primaryType: "Execute",
    message: { calls: [...calls], nonce, deadline },
  });
}

/** What an account's key signs when a contract asks the account about a hash: nested as ERC-7739 says, personal sign. */
export function hashForAccount(place: AccountPlace, hash: Hex): Hex {
  const type = keccak256(stringToHex("PersonalSign(bytes prefixed)"));
  const separator = domainSeparator({ domain: domainOf(place) });
  return keccak256(concatHex(["0x1901", separator, keccak256(concatHex([type, hash]))]));
}

function domainOf({ chainId, account }: AccountPlace) {
  return { name: "PQAccount", version: "1", chainId, verifyingContract: account };
}
