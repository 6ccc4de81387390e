import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { REORG_DEPTH } from "@pqmesh/contracts/protocol/reorg-depth";
import { expect } from "chai";
import { createPublicClient, http } from "viem";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { deployTestNetwork } from "../../helpers/test-network.ts";

describe("REORG_DEPTH", () => {
  let chain: TestChain;

  before(async () => {
    chain = await startAnvil();
  });

  after(() => chain.stop());

  it("is what the bridge asks of beacons", async () => {
    const { config } = await deployTestNetwork(chain);
    const address = config.contracts.AttestationBridge;
    const client = createPublicClient({ transport: http(config.rpcUrl) });
    const depth = await client.readContract({ address, abi: attestationBridgeAbi, functionName: "REORG_DEPTH" });
    expect(depth).to.equal(REORG_DEPTH);
  });
});
