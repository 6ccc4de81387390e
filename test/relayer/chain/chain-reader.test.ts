import { CONTRACT_NAMES, parseNetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { expect } from "chai";
import type { Hex } from "viem";
import { numberToHex } from "viem";
import { ChainReader } from "../../../relayer/src/chain/chain-reader.ts";
import type { ChainScope } from "../../../relayer/src/chain/chain-state.ts";

const AGENT = { shard: 0, nodeIndex: 1 };
const DISPUTES = ["AttestationDisputes", "MemberOffences", "NodeOffences"];
const SHARED = ["AttestationBridge", "CertificateRegistry", "NetworkParameters", "NodeRegistry", "RelayerCommittee"];

describe("ChainReader", () => {
  /** A deployment whose contracts' addresses are their places in the list of names. */
  const network = parseNetworkConfig({
    ...{ name: "none", chainId: 31_337, rpcUrl: "http://127.0.0.1:1", indexerUrl: "http://127.0.0.1:1", relayers: [] },
    ...{ trustDomain: "test", epoch: { genesis: 1, lengthSeconds: 10 }, startBlock: 1 },
    contracts: Object.fromEntries(CONTRACT_NAMES.map((name, i) => [name, numberToHex(i + 1, { size: 20 })])),
  });

  /** Contracts whose events a view with this scope asks for. */
  async function followed(scope?: ChainScope): Promise<string[]> {
    let asked: Hex[] = [];
    const request = (_: string, [filter]: readonly unknown[] = []) => {
      asked = (filter as { address: Hex[] }).address;
      return Promise.resolve([]);
    };
    await new ChainReader(request, network, scope).eventsOf("0x00");
    return asked.map((address) => CONTRACT_NAMES[Number(address) - 1]!).sort();
  }

  it("asks for everything without a scope", async () => {
    expect(await followed()).to.deep.equal(
      [...SHARED, ...DISPUTES, "NodeRewards", "CommitteeFees", "LeaseEscrow"].sort(),
    );
  });

  it("asks for nothing that an agent does not use", async () => {
    expect(await followed(AGENT)).to.deep.equal(SHARED);
    expect(await followed({ ...AGENT, withDisputes: true })).to.deep.equal([...SHARED, ...DISPUTES].sort());
  });
});
