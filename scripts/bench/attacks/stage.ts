import { type Contract, id, MaxUint256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { deployNetwork } from "../economy-stage.ts";
import { seededBytes } from "../mesh-deployment.ts";
import { DAY, MESH } from "./assumptions.ts";

/** The network under attack: real contracts with the parameters of production. */
export type Stage = Awaited<ReturnType<typeof deployStage>>;

/** Calls of a proposal as `propose` takes them, and as `queue` and `execute` do. */
export interface Draft {
  propose: [string[], bigint[], string[], string];
  act: [string[], bigint[], string[], string];
}

/** More than any call of the scenarios takes; told, so that nothing is estimated. */
const GAS = 10_000_000;

/** Deploys the network, with a way to call it from any account that counts the gas. Time goes on as told, on any machine. */
export async function deployStage() {
  const network = await deployNetwork();
  const { connection, instances, timelock, operator } = network;
  const { provider, networkHelpers } = connection;
  const { time } = networkHelpers;
  await time.increaseTo((Math.floor((await time.latest()) / DAY) + 1) * DAY);
  let opened = new Set<string>([timelock.address, operator.address]);
  /** Sends a call of an account, whoever it is; returns its gas. Throws when it reverts. */
  const send = async (from: string, contract: Contract, name: string, args: unknown[]): Promise<number> => {
    if (!opened.has(from)) {
      opened.add(from);
      await networkHelpers.impersonateAccount(from);
      await networkHelpers.setBalance(from, 10n ** 21n);
    }
    const data = contract.interface.encodeFunctionData(name, args);
    await time.setNextBlockTimestamp((await time.latest()) + 1);
    const params = [{ from, to: await contract.getAddress(), data, gas: toBeHex(GAS) }];
    const hash = (await provider.request({ method: "eth_sendTransaction", params })) as string;
    const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
    return Number((receipt as { gasUsed: string }).gasUsed);
  };
  const dao = (contract: Contract, name: string, args: unknown[]) => send(timelock.address, contract, name, args);
  /** Remembers the state; the result goes back to it, as often as it is called. */
  const checkpoint = async (): Promise<() => Promise<void>> => {
    const [snapshot, before] = [await networkHelpers.takeSnapshot(), new Set(opened)];
    return async () => {
      await snapshot.restore();
      opened = new Set(before);
    };
  };
  return { ...network, ...instances, time, checkpoint, send, dao };
}

/** An address for somebody, the same in every run. */
export function addressOf(who: string): string {
  return `0x${id(who).slice(26)}`;
}

/** Goes to a time, unless it is over. */
export async function goTo({ time }: Stage, to: bigint): Promise<void> {
  if (to > BigInt(await time.latest())) await time.increaseTo(to);
}

/** Pays MESH out of the treasury to an account, as an earlier decision of the DAO or a sale would. */
export async function pay({ dao, MeshToken }: Stage, to: string, mesh: number): Promise<void> {
  await dao(MeshToken, "transfer", [to, BigInt(mesh) * MESH]);
}

/** Makes an account an operator of one node with stake; returns its identity and the gas. */
export async function makeOperator(
  stage: Stage,
  owner: string,
  mesh: number,
): Promise<{ identity: bigint; gas: number }> {
  const { send, NodeRegistry, NodeStaking, MeshToken } = stage;
  await pay(stage, owner, mesh);
  let gas = await send(owner, NodeRegistry, "registerOperator", [ZeroAddress, ZeroAddress, id(`root key of ${owner}`)]);
  const identity = (await NodeRegistry.identityOf(owner)) as bigint;
  gas += await send(owner, NodeRegistry, "registerNode", [seededBytes(owner, 1952), ZeroHash]);
  const node = ((await NodeRegistry.nodeCount()) as bigint) - 1n;
  gas += await send(owner, MeshToken, "approve", [await NodeStaking.getAddress(), MaxUint256]);
  gas += await send(owner, NodeStaking, "stake", [node, BigInt(mesh) * MESH]);
  return { identity, gas };
}

/** Lets everything that is staked and locked age, and brings identities up to date. */
export async function ageAndSync(stage: Stage, identities: bigint[]): Promise<void> {
  await stage.time.increase(14 * DAY);
  await stage.dao(stage.QuadraticVotes, "syncMany", [identities]);
  await stage.time.increase(2);
}

/** A payment of the treasury. */
export async function paymentOf({ MeshToken }: Stage, to: string, mesh: number, text: string): Promise<Draft> {
  const data = MeshToken.interface.encodeFunctionData("transfer", [to, BigInt(mesh) * MESH]);
  const calls: [string[], bigint[], string[]] = [[await MeshToken.getAddress()], [0n], [data]];
  return { propose: [...calls, text], act: [...calls, id(text)] };
}
