import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { SWEEP_OUTCOMES } from "@pqmesh/contracts/protocol/lease-status";
import { expect } from "chai";
import { decodeFunctionData, encodeFunctionResult, type Hex, numberToHex, zeroAddress } from "viem";
import { RpcResponseError } from "../../../relayer/src/chain/json-rpc.ts";
import { LeaseReader } from "../../../relayer/src/keeper/lease-reader.ts";
import { nextBatch, type SweepableLease } from "../../../relayer/src/keeper/sweep-batch.ts";

const CONTRACTS = new Proxy({}, { get: () => zeroAddress }) as ConstructorParameters<
  typeof LeaseReader
>[1]["contracts"];
const GAS_PER_EPOCH = 2_000n;
const MOST_GAS = 16_777_216n;

/** A node whose every epoch costs gas to look at, as where many others of its shard are absent. */
function costlyChain({ gasPerEpoch = GAS_PER_EPOCH, asked = [] as bigint[] } = {}) {
  return new LeaseReader(
    (method, params) => {
      const [{ data }] = params as [{ data: Hex }];
      const { args } = decodeFunctionData({ abi: [...leaseEscrowAbi, ...attestationBridgeAbi], data });
      const [, second, third] = args as unknown as [bigint, bigint, unknown];
      if (typeof third === "bigint") {
        asked.push(third - second);
        const service = { until: third, proven: third - second - 1n, missed: 1n, beneficiary: zeroAddress };
        const result = { abi: attestationBridgeAbi, functionName: "serviceOf", result: service } as const;
        return Promise.resolve(encodeFunctionResult(result));
      }
      const gas = second * gasPerEpoch;
      if (gas > MOST_GAS) return Promise.reject(new RpcResponseError("out of gas", -32_000, undefined));
      if (method === "eth_estimateGas") return Promise.resolve(numberToHex(gas));
      const outcome = SWEEP_OUTCOMES.indexOf("Settled");
      const result = { abi: leaseEscrowAbi, functionName: "sweepOne", result: outcome } as const;
      return Promise.resolve(encodeFunctionResult(result));
    },
    { contracts: CONTRACTS },
  );
}

const tried = (leaseId: bigint, maxEpochs: bigint) =>
  ({ lease: { leaseId }, tried: { outcome: "Closed", gas: 1n, maxEpochs } }) as unknown as SweepableLease;

describe("LeaseReader: leases that cost much to settle", () => {
  it("sweeps a shorter page where a long one has no gas", async () => {
    const { outcome, maxEpochs, gas } = await costlyChain().trySweep(1n, { janitor: zeroAddress, delay: 0n });
    expect({ outcome, maxEpochs, gas }).to.deep.equal({ outcome: "Settled", maxEpochs: 2_048n, gas: 4_096_000n });
  });

  it("leaves room in a transaction that could just take the long page", async () => {
    const reader = costlyChain({ gasPerEpoch: 100n });
    const { maxEpochs } = await reader.trySweep(1n, { janitor: zeroAddress, delay: 0n });
    expect(131_072n * 100n < MOST_GAS, "the long page has gas").to.equal(true);
    expect(maxEpochs).to.equal(2_048n);
  });

  it("asks about long ranges in parts", async () => {
    const asked: bigint[] = [];
    const { until, missed } = await costlyChain({ asked }).service(0, 100n, 5_000n);
    expect({ until, missed, asked }).to.deep.equal({ until: 5_000n, missed: 3n, asked: [2_048n, 2_048n, 804n] });
  });

  it("puts pages of one length in one sweep", () => {
    const { batch, maxEpochs } = nextBatch([tried(1n, 131_072n), tried(2n, 131_072n), tried(3n, 2_048n)]);
    expect(batch.map(({ lease }) => lease.leaseId)).to.deep.equal([1n, 2n]);
    expect(maxEpochs).to.equal(131_072n);
  });
});
