import type { Address } from "viem";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { readToken, type Token } from "./tokens.ts";

/** Every token that the DAO ever allowed for leases: what is credited in one stays there when it is allowed no more. */
export async function marketTokens(session: Session): Promise<Token[]> {
  const query = { contract: "LeaseEscrow", eventName: "TokenRuleSet" } as const;
  const rules = await findEvents<{ token: Address }>(session, query);
  const addresses = [...new Set(rules.map(({ token }) => token))];
  return Promise.all(addresses.map((address) => readToken(session, address)));
}
