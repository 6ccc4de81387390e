import type { CallFacts, ParameterFact } from "@pqmesh/contracts/protocol/call-words";
import { hexToString } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { marketTokens } from "./market-tokens.ts";
import { meshToken } from "./tokens.ts";

/** What the sentences about a proposal's calls need of the chain: governed numbers, and the tokens of the treasury. */
export async function readCallFacts(session: Session, executableAt?: bigint): Promise<CallFacts> {
  const { network } = session;
  const [parameters, tokens] = await Promise.all([readParameters(session), marketTokens(session)]);
  const known = [meshToken(session), ...tokens];
  return {
    contracts: network.contracts,
    parameters,
    tokens: new Map(known.map(({ address, symbol, decimals }) => [address.toLowerCase(), { symbol, decimals }])),
    ...(executableAt !== undefined && { executableAt }),
  };
}

async function readParameters(session: Session): Promise<ReadonlyMap<string, ParameterFact>> {
  const table = contractOf(session, "NetworkParameters");
  const [rows, { timestamp }] = await Promise.all([
    session.client.readContract({ ...table, functionName: "all" }),
    session.client.getBlock(),
  ]);
  return new Map(
    rows.map(({ id, value, pending, effectiveAt, min, max, notice }) => {
      const inForce = effectiveAt > timestamp ? value : pending;
      return [hexToString(id, { size: 32 }), { value: inForce, min, max, notice }];
    }),
  );
}
