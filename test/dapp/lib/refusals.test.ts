import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { expect } from "chai";
import { type Abi, type Address, createPublicClient, http, maxUint256, parseEther, type PublicClient } from "viem";
import { explainError } from "../../../dapp/src/lib/error-sentences.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { addNodes, deployTestNetwork, freshPublicKeys, type TestNetwork } from "../../helpers/test-network.ts";

const OWNER = testAccount(0).address;
const STRANGER = testAccount(9).address;
const SIGNATURE = [0n, 27, `0x${"11".repeat(32)}`, `0x${"22".repeat(32)}`] as const;

type Called = "NodeRegistry" | "NodeStaking" | "MeshToken";

const ABIS: Record<Called, Abi> = {
  NodeRegistry: nodeRegistryAbi,
  NodeStaking: nodeStakingAbi,
  MeshToken: meshTokenAbi,
};

/** What a person who uses the dApp can be refused, by the real contracts: the sentence is made of what they really revert with. */
describe("refusals of the contracts", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let network: TestNetwork;
  let client: PublicClient;
  let soundKey: Uint8Array;

  before(async () => {
    chain = await startAnvil();
    network = await deployTestNetwork(chain);
    const [first, second, third] = freshPublicKeys(3);
    soundKey = third!;
    await addNodes(network, [first!, second!]);
    await network.call("NodeRegistry", "exitNode", [1]);
    client = createPublicClient({ transport: http(chain.url) });
  });

  after(() => chain?.stop());

  const refusal = async (contract: Called, functionName: string, args: unknown[], account = OWNER): Promise<string> => {
    const call = { address: network.config.contracts[contract], abi: [...ABIS[contract], ...errorsAbi] as Abi };
    try {
      await client.simulateContract({ ...call, functionName, args, account });
    } catch (error) {
      return explainError(error).sentence;
    }
    throw new Error(`${functionName} is not refused`);
  };
  const hex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`;
  const ZERO = `0x${"00".repeat(32)}`;

  const zeroAddress: Address = `0x${"00".repeat(20)}`;
  const cases: [string, Called, string, () => unknown[], Address, RegExp][] = [
    [
      "a second identity",
      "NodeRegistry",
      "registerOperator",
      () => [zeroAddress, zeroAddress, ZERO],
      OWNER,
      /^This wallet already owns identity 1; a wallet can own one\.$/,
    ],
    [
      "an empty root key",
      "NodeRegistry",
      "registerOperator",
      () => [zeroAddress, zeroAddress, ZERO],
      STRANGER,
      /^The root key must not be zero\.$/,
    ],
    [
      "a node without an identity",
      "NodeRegistry",
      "registerNode",
      () => [hex(soundKey), ZERO],
      STRANGER,
      /^This wallet owns no identity yet: register as an operator first\.$/,
    ],
    [
      "a key that is too short",
      "NodeRegistry",
      "registerNode",
      () => ["0x1234", ZERO],
      OWNER,
      /^The attestation key has 2 bytes; an ML-DSA-65 public key has 1952\.$/,
    ],
    [
      "a degenerate key",
      "NodeRegistry",
      "registerNode",
      () => [hex(new Uint8Array(1_952)), ZERO],
      OWNER,
      /^This attestation key is degenerate/,
    ],
    [
      "the exit of somebody else's node",
      "NodeRegistry",
      "exitNode",
      () => [0],
      STRANGER,
      /^This wallet is neither owner nor hot wallet of identity 1\.$/,
    ],
    ["a second exit", "NodeRegistry", "exitNode", () => [1], OWNER, /^Node 1 has exited; that is final\./],
    ["stake for no node", "NodeStaking", "stake", () => [77, 1n], OWNER, /^Node 77 does not exist\.$/],
    ["stake of nothing", "NodeStaking", "stake", () => [0, 0n], OWNER, /^The amount must be more than zero\.$/],
    [
      "stake for an exited node",
      "NodeStaking",
      "stake",
      () => [1, 1n],
      OWNER,
      /^Node 1 has exited: it cannot be staked any more\.$/,
    ],
    [
      "stake without an allowance",
      "NodeStaking",
      "stake",
      () => [0, parseEther("2.5")],
      STRANGER,
      /^The contract may take 0 MESH from this wallet, but 2\.5 MESH are needed\./,
    ],
    [
      "a permit that does not hold",
      "NodeStaking",
      "stakeWithPermit",
      () => [0, parseEther("2.5"), ...SIGNATURE],
      STRANGER,
      /2\.5 MESH are needed\. Approve more, or use a permit\.$/,
    ],
    [
      "more than the wallet holds",
      "MeshToken",
      "transfer",
      () => [OWNER, 1n],
      STRANGER,
      /^This wallet holds 0 MESH, but 0\.000000000000000001 MESH are needed\.$/,
    ],
    [
      "an unbonding by a stranger",
      "NodeStaking",
      "requestUnbond",
      () => [0, 1n],
      STRANGER,
      /^This wallet is neither owner nor hot wallet of node 0\.$/,
    ],
    [
      "more than is bonded",
      "NodeStaking",
      "requestUnbond",
      () => [0, parseEther("200001")],
      OWNER,
      /^200,001 MESH were asked for, but only 200,000 MESH are bonded\.$/,
    ],
    [
      "a rest below the minimum",
      "NodeStaking",
      "requestUnbond",
      () => [0, parseEther("199999")],
      OWNER,
      /^1 MESH would stay bonded, less than the minimum of 10,000 MESH\./,
    ],
    [
      "an unbonding that is not there",
      "NodeStaking",
      "cancelUnbond",
      () => [0, 5],
      OWNER,
      /^Unbonding 5 of node 0 does not exist any more/,
    ],
    [
      "a withdrawal of nothing",
      "NodeStaking",
      "withdraw",
      () => [0, 1n],
      OWNER,
      /^Nothing is unbonding, so there is nothing to withdraw\.$/,
    ],
  ];
  for (const [what, contract, functionName, args, account, expected] of cases) {
    it(`explain ${what}`, async () => {
      expect(await refusal(contract, functionName, args(), account)).to.match(expected);
    });
  }

  it("explain a withdrawal before the unlock, a cancelled exit and too many unbondings", async () => {
    await network.call("NodeStaking", "requestUnbond", [1, maxUint256]);
    expect(await refusal("NodeStaking", "withdraw", [1, 1n])).to.match(
      /^Nothing has matured yet; the next unbonding does at .*\d{4}.*\.$/,
    );
    expect(await refusal("NodeStaking", "cancelUnbond", [1, 0])).to.match(/^Node 1 has exited: it cannot be staked/);
    for (let i = 0; i < 32; i++) await network.call("NodeStaking", "requestUnbond", [0, parseEther("1")]);
    expect(await refusal("NodeStaking", "requestUnbond", [0, parseEther("1")])).to.equal(
      "The node has 32 unbondings; 32 are allowed. Withdraw or cancel one first.",
    );
  });
});
