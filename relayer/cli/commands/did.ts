import { type MemberDid, parseMemberDid } from "@pqmesh/contracts/protocol/did";
import type { Command } from "commander";
import { BaseError, ContractFunctionRevertedError, isAddressEqual } from "viem";
import { type NodeFacts, type OperatorFacts, resolveDid } from "../../src/pki/did-document.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { epochClock } from "../epoch-clock.ts";
import { withExample } from "../help.ts";
import { CliError, print, usageError } from "../output.ts";
import { recordedState, type RecordedState } from "../recorded-state.ts";

/** Adds `pqmesh did resolve`. */
export function addDidCommands(program: Command): void {
  const did = withExample(
    program.command("did").description("DIDs of nodes, operators, voters and relayers"),
    "did resolve did:pqmesh:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3:3",
  );
  withExample(
    withNetwork(did.command("resolve")),
    "did resolve did:pqmesh:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3:operator:1 --json",
  )
    .description("resolve a DID from the chain alone: keys, past keys, certificates and their status")
    .argument(
      "<did>",
      "did:pqmesh:<chainId>:<registry>:<nodeIndex>, or …:operator:<id>, …:voter:<id>, …:relayer:<address>",
    )
    .action(resolve);
}

async function resolve(text: string, options: NetworkOptions, command: Command): Promise<void> {
  const member = didArgument(text);
  const session = await openNetwork(options);
  const { chainId, contracts } = session.network;
  if (member.chainId !== chainId || !isAddressEqual(member.registry, contracts.NodeRegistry)) {
    throw usageError(
      `${text} is of another deployment: this is registry ${contracts.NodeRegistry} on chain ${chainId}`,
    );
  }
  const state = await recordedState(session);
  const { genesis, lengthSeconds } = session.network.epoch;
  const resolution = resolveDid(member, {
    records: state.certificates,
    node: member.kind === "node" ? await nodeFacts(session, state, Number(member.subject)) : undefined,
    operator: member.kind === "operator" ? await operatorFacts(session, member.subject) : undefined,
    epochStart: (epoch) => BigInt(genesis) + epoch * BigInt(lengthSeconds),
  });
  if (!resolution) throw new CliError(`${member.kind} ${member.subject} is not on chain`);
  print(command, resolution, JSON.stringify(resolution, undefined, 2));
}

function didArgument(text: string): MemberDid {
  try {
    return parseMemberDid(text);
  } catch (cause) {
    throw usageError((cause as Error).message, cause);
  }
}

async function nodeFacts(session: Session, { nodes }: RecordedState, index: number): Promise<NodeFacts | undefined> {
  const node = nodes.get(index);
  if (!node) return undefined;
  const { epoch } = await epochClock(session);
  return { identityId: node.identityId, keys: node.keys, isActive: nodes.isActive(index, epoch) };
}

async function operatorFacts(session: Session, identityId: bigint): Promise<OperatorFacts | undefined> {
  const call = { ...contractOf(session, "NodeRegistry"), functionName: "operatorOf" } as const;
  try {
    return await session.client.readContract({ ...call, args: [Number(identityId)] });
  } catch (error) {
    const isUnknown = error instanceof BaseError && error.walk((each) => each instanceof ContractFunctionRevertedError);
    if (isUnknown) return undefined;
    throw error;
  }
}
