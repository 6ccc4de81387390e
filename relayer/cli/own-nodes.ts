import type { Address } from "viem";
import { naturalArgument } from "./arguments.ts";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { CliError, usageError } from "./output.ts";
import { requireKnownNode } from "./require-known-node.ts";

/** Identities looked at together. */
const CHUNK = 50;

/** What a wallet is to an identity. */
export interface OwnIdentity {
  identityId: number;
  owner: Address;
  beneficiary: Address;
  roles: ("owner" | "operator wallet" | "beneficiary")[];
}

/** Every identity in which a wallet has a part. */
export async function identitiesOf(session: Session, wallet: Address): Promise<OwnIdentity[]> {
  const registry = contractOf(session, "NodeRegistry");
  const count = await session.client.readContract({ ...registry, functionName: "identityCount" });
  const found: OwnIdentity[] = [];
  for (let first = 1; first <= count; first += CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, count - first + 1) }, (_, i) => first + i);
    const operators = await Promise.all(
      ids.map((id) => session.client.readContract({ ...registry, functionName: "operatorOf", args: [id] })),
    );
    operators.forEach(({ owner, operatorWallet, beneficiary }, i) => {
      const roles: OwnIdentity["roles"] = [];
      if (owner === wallet) roles.push("owner");
      if (operatorWallet === wallet && owner !== wallet) roles.push("operator wallet");
      if (beneficiary === wallet) roles.push("beneficiary");
      if (roles.length > 0) found.push({ identityId: first + i, owner, beneficiary, roles });
    });
  }
  return found;
}

/** Nodes of an identity, in the order of their registration. */
export async function nodesOf(session: Session, identityId: number): Promise<number[]> {
  const query = { contract: "NodeRegistry", eventName: "NodeRegistered", args: { identityId } } as const;
  return (await findEvents<{ nodeIndex: number }>(session, query)).map(({ nodeIndex }) => nodeIndex);
}

/** The nodes that `--node` names, or all those that a wallet operates. @throws CliError when there is none, or no such node. */
export async function namedOrOwnNodes(
  session: Session,
  { named, wallet }: { named: string[] | undefined; wallet?: Address },
): Promise<number[]> {
  if (named) {
    const nodes = named.map((text) => naturalArgument("--node", text));
    for (const nodeIndex of nodes) await requireKnownNode(session, nodeIndex);
    return nodes;
  }
  if (!wallet) throw usageError("say which nodes, for example --node 3, or whose: --of 0xADDRESS");
  const own = (await identitiesOf(session, wallet)).filter(({ roles }) => roles.some((role) => role !== "beneficiary"));
  const nodes = (await Promise.all(own.map(({ identityId }) => nodesOf(session, identityId)))).flat();
  if (nodes.length === 0) throw new CliError(`wallet ${wallet} operates no node; name one with --node`);
  return nodes;
}

/** The identity that `--operator` names, or the one that a wallet acts for. @throws CliError when there is none, or several. */
export async function operatorOption(
  session: Session,
  { named, wallet }: { named: string | undefined; wallet: Address },
): Promise<number> {
  if (named !== undefined) return naturalArgument("--operator", named);
  const own = (await identitiesOf(session, wallet)).filter(({ roles }) => roles.some((role) => role !== "beneficiary"));
  const [first, ...more] = own.map(({ identityId }) => identityId);
  if (first === undefined) throw new CliError(`wallet ${wallet} acts for no operator; name one with --operator`);
  if (more.length === 0) return first;
  throw new CliError(`wallet ${wallet} acts for identities ${[first, ...more].join(", ")}; say which with --operator`);
}
