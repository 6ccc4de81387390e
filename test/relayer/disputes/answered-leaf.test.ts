import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { expect } from "chai";
import { bytesToHex, encodeFunctionData, type Hex } from "viem";
import { answeredLeaf } from "../../../relayer/src/disputes/answered-leaf.ts";
import { AttestingNode, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";

type Proof = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex];
const NODE = 3;

describe("answeredLeaf", () => {
  const chain = new FixedChainView({ epoch: 100 });
  let leaf: MadeAttestation;
  let tree: ReportTree;

  before(() => {
    leaf = AttestingNode.registeredIn(chain, NODE).attest(100);
    tree = new ReportTree(new Map([[NODE, attestationLeaf(NODE, leaf.digest, leaf.signature)]]));
  });

  const answerWith = (proof: readonly Hex[]): Hex => {
    const args = [1n, 0n, leaf.attestation, bytesToHex(leaf.signature), proof as Proof] as const;
    return encodeFunctionData({ abi: attestationDisputesAbi, functionName: "respond", args });
  };

  /** Proof that is read out of a transaction with this data. */
  const read = async (input: Hex | undefined): Promise<readonly Hex[] | undefined> => {
    const { chainId, bridge } = chain;
    const request = () => Promise.resolve(input === undefined ? null : { input });
    const { attestation, signature } = leaf;
    const found = await answeredLeaf(
      { chainId, bridge, request },
      {
        answer: { responder: bridge, attestation, signature: bytesToHex(signature) },
        answeredAt: { blockNumber: 1n, transactionHash: leaf.digest },
        nodeIndex: NODE,
        root: tree.root,
      },
    );
    return found?.proof;
  };

  it("reads the proof of a call, also from within another one", async () => {
    const data = answerWith(tree.proof(NODE));
    expect(await read(data)).to.deep.equal(tree.proof(NODE));
    expect(await read(`0x12345678${data.slice(2)}`)).to.deep.equal(tree.proof(NODE));
  });

  it("passes over a call with a proof that does not lead to the root", async () => {
    const decoy = answerWith(tree.proof(NODE).map(() => leaf.digest));
    const data = answerWith(tree.proof(NODE));
    expect(await read(decoy)).to.equal(undefined);
    expect(await read(`${decoy}${data.slice(2)}`)).to.deep.equal(tree.proof(NODE));
  });

  it("is done quickly with a transaction full of what looks like calls", async () => {
    const selector = answerWith(tree.proof(NODE)).slice(2, 10);
    const start = performance.now();
    expect(await read(`0x${selector.repeat(30_000)}`)).to.equal(undefined);
    expect(performance.now() - start, "milliseconds").to.be.below(1_000);
  });

  it("says so when the transaction is not known yet", async () => {
    const reason = await read(undefined).catch((error: unknown) => (error as Error).message);
    expect(reason).to.match(/does not know the transaction/);
  });
});
