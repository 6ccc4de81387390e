import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { expect } from "chai";
import { createPublicClient, encodeFunctionData, type Hex, http, type PublicClient } from "viem";
import { lookAtTransaction } from "../../../dapp/src/lib/pending-fate.ts";
import type { PendingTransaction } from "../../../dapp/src/lib/pending-book.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { deployTestNetwork, type TestNetwork } from "../../helpers/test-network.ts";

const ACCOUNT = testAccount(12).address;
const GAS = "0x100000";

describe("lookAtTransaction", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let network: TestNetwork;
  let client: PublicClient;

  before(async () => {
    chain = await startAnvil();
    network = await deployTestNetwork(chain);
    client = createPublicClient({ transport: http(chain.url) });
    await chain.rpc("evm_setAutomine", false);
  });

  after(() => chain?.stop());

  const send = async (fields: object): Promise<PendingTransaction> => {
    const hash = await chain.rpc<Hex>("eth_sendTransaction", { from: ACCOUNT, to: ACCOUNT, gas: GAS, ...fields });
    const flow = { title: "Stake node 4", step: "Approve", hasMore: false, chainId: 31_337, sentAt: 0 };
    return { hash, account: ACCOUNT, ...flow };
  };
  const look = (pending: PendingTransaction, missingMs = 0) => lookAtTransaction(client, pending, missingMs);

  it("learns the number of one that waits, and that it was mined", async () => {
    const pending = await send({ value: "0x1" });
    const { nonce, fate } = await look(pending);
    expect(nonce).to.be.a("number");
    expect(fate).to.equal(undefined);
    await chain.mine();
    expect((await look(pending)).fate?.sentence).to.match(/^Mined in block \d+\.$/);
    const first = await look({ ...pending, hasMore: true });
    expect(first.fate?.sentence).to.include("“Approve” is done, but what follows it was not sent");
  });

  it("says why one reverted", async () => {
    const data = encodeFunctionData({ abi: nodeStakingAbi, functionName: "stake", args: [77, 1n] });
    const pending = await send({ to: network.config.contracts.NodeStaking, data });
    await chain.mine();
    const { fate } = await look(pending);
    expect(fate?.kind).to.equal("failed");
    expect(fate?.sentence).to.match(/reverted, so nothing changed\. Node 77 does not exist\.$/);
  });

  it("sees that another one took its place", async () => {
    const pending = await send({ value: "0x2", maxFeePerGas: "0x77359400", maxPriorityFeePerGas: "0x1" });
    const { nonce } = await look(pending);
    const fees = { maxFeePerGas: "0x17d784000", maxPriorityFeePerGas: "0x77359400" };
    await send({ value: "0x3", nonce: `0x${nonce!.toString(16)}`, ...fees });
    await chain.mine();
    const { fate } = await look({ ...pending, nonce: nonce! });
    expect(fate?.kind).to.equal("replaced");
    expect(fate?.sentence).to.include("took its place");
  });

  it("calls one dropped only after it was missing for long", async () => {
    const pending = await send({ value: "0x4" });
    const { nonce } = await look(pending);
    await chain.rpc("anvil_dropTransaction", pending.hash);
    expect(await look({ ...pending, nonce: nonce! }, 5_000)).to.deep.equal({ isMissing: true });
    expect((await look({ ...pending, nonce: nonce! }, 20_000)).fate?.kind).to.equal("dropped");
  });
});
