import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { readToken, type TokenUnit } from "./token-amount.ts";

/** Contracts that keep balances for accounts to withdraw. */
export type CreditHolder = "LeaseEscrow" | "LeaseDisputes";

/** What an account can withdraw of a token; smallest units. */
export interface TokenCredit {
  holder: CreditHolder;
  unit: TokenUnit;
  amount: bigint;
}

/** Tokens that ever were allowed for leases, by the escrow's logs. */
export async function readMarketTokens(access: ChainAccess): Promise<TokenUnit[]> {
  const { client, config } = access;
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi, eventName: "TokenRuleSet" },
    ...{ fromBlock: BigInt(config.startBlock), strict: true },
  });
  const tokens = [...new Set(logs.map(({ args }) => args.token))];
  return Promise.all(tokens.map((token) => readToken(access, token)));
}

/** What an account can withdraw of escrow and disputes; without what is zero. */
export async function readCredits(access: ChainAccess, account: Address): Promise<TokenCredit[]> {
  const { client, config } = access;
  const units = await readMarketTokens(access);
  const credits = await Promise.all(
    units.flatMap((unit) => {
      const ask = { functionName: "creditOf", args: [unit.address, account] } as const;
      const { LeaseEscrow, LeaseDisputes } = config.contracts;
      return [
        client
          .readContract({ address: LeaseEscrow, abi: leaseEscrowAbi, ...ask })
          .then((amount): TokenCredit => ({ holder: "LeaseEscrow", unit, amount })),
        client
          .readContract({ address: LeaseDisputes, abi: leaseDisputesAbi, ...ask })
          .then((amount): TokenCredit => ({ holder: "LeaseDisputes", unit, amount })),
      ];
    }),
  );
  return credits.filter(({ amount }) => amount > 0n);
}
