import { join } from "node:path";
import { expect } from "chai";
import { type Hex, hexToBytes, keccak256, zeroHash } from "viem";
import {
  attestEpoch,
  type AttesterOptions,
  type AttestResult,
  signingFraction,
} from "../../../relayer/src/agent/attester.ts";
import { Journal } from "../../../relayer/src/agent/journal.ts";
import { verifyMlDsa65 } from "../../../relayer/src/keystore/verify-ml-dsa-65.ts";
import { AttestingNode, BEACON, MEASUREMENT } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";

const NODE = 7;
const OBSERVED = {
  host: { cpuLoadBp: 1, memoryUsedBp: 2, storageUsedBp: 3, storageBytes: 4n, cpuMillis: 5n },
  heartbeats: 6,
  latencyMicros: 7,
  stake: 8n,
  uptimeSeconds: 9n,
};

describe("attestEpoch", () => {
  let chain: FixedChainView;
  let node: AttestingNode;
  let journal: Journal;
  let options: AttesterOptions;
  let signatures: number;

  beforeEach(() => {
    chain = new FixedChainView();
    node = AttestingNode.registeredIn(chain, NODE);
    journal = new Journal(join(temporaryFolder(), "journal.sqlite"));
    signatures = 0;
    const sign = (digest: Uint8Array): Uint8Array => {
      signatures += 1;
      return node.signDigest(digest);
    };
    const fixed = { nodeIndex: NODE, measurement: MEASUREMENT, shares: 5_000n, space: 1n };
    options = { ...fixed, domain: chain, chain, journal, keys: [{ publicKey: node.publicKey, sign }] };
  });

  afterEach(() => journal.close());

  const attest = (epoch: bigint): AttestResult => attestEpoch(options, epoch, OBSERVED);

  function signedFor(epoch: bigint): Extract<AttestResult, { digest: Hex }> {
    const result = attest(epoch);
    if ("withheld" in result) throw new Error(`withheld: ${result.withheld}`);
    return result;
  }

  it("makes a chain: each attestation names the one before", () => {
    const first = signedFor(101n);
    const second = signedFor(104n);
    expect(first.signed.attestation).to.deep.include({ sequence: 1n, previous: zeroHash, beacon: BEACON });
    expect(second.signed.attestation).to.deep.include({ sequence: 2n, previous: first.digest, epoch: 104n });
    const digest = Buffer.from(second.digest.slice(2), "hex");
    expect(verifyMlDsa65(node.publicKey, digest, second.signed.signature), "signature").to.equal(true);
    expect(journal.head()).to.deep.equal({ sequence: 2n, epoch: 104n, digest: second.digest });
  });

  it("signs once for an epoch and never for an earlier one", () => {
    signedFor(101n);
    for (const epoch of [101n, 100n, 1n]) expect(attest(epoch)).to.deep.equal({ withheld: "already-signed" });
    expect(signatures).to.equal(1);
  });

  it("gives nothing away that is not in the journal", () => {
    journal.close();
    expect(() => attest(101n)).to.throw();
    journal = new Journal(join(temporaryFolder(), "journal.sqlite"));
    options = { ...options, journal };
    const failing = {
      head: () => journal.head(),
      append: () => {
        throw new Error("the disk is full");
      },
    };
    expect(() => attestEpoch({ ...options, journal: failing as unknown as Journal }, 101n, OBSERVED)).to.throw(
      "the disk is full",
    );
    expect(signedFor(102n).signed.attestation.sequence, "no sequence is lost").to.equal(1n);
  });

  it("signs each epoch with its key in force, and nothing without it", () => {
    const next = new AttestingNode(NODE, chain, "next key");
    const keyHash = keccak256(next.publicKey);
    chain.node(NODE)!.keys.push({ fromEpoch: 103n, keyHash, publicKey: next.publicKey });
    const holds = ({ signed, digest }: ReturnType<typeof signedFor>, { publicKey }: AttestingNode): boolean =>
      verifyMlDsa65(publicKey, hexToBytes(digest), signed.signature);
    const { keys } = options;
    const nextKey = { publicKey: next.publicKey, sign: (digest: Uint8Array) => next.signDigest(digest) };
    options = { ...options, keys: [...keys, nextKey] };
    expect(holds(signedFor(102n), node), "old key before the rotation").to.equal(true);
    const rotated = signedFor(103n);
    expect(holds(rotated, next), "new key from its epoch on").to.equal(true);
    expect(rotated.signed.attestation.sequence, "the chain goes on").to.equal(2n);
    options = { ...options, keys };
    expect(attest(104n)).to.deep.equal({ withheld: "no-key-in-force" });
    expect(journal.head()?.sequence, "nothing was signed").to.equal(2n);
  });

  it("says why it signs nothing", () => {
    chain.addNode(NODE, node.publicKey, 200n);
    expect(attest(101n)).to.deep.equal({ withheld: "inactive" });
    chain.addNode(NODE, node.publicKey);
    chain.measurements.clear();
    expect(attest(101n)).to.deep.equal({ withheld: "unapproved-measurement" });
    chain.measurements.set(MEASUREMENT, 0n);
    chain.beacons.clear();
    expect(attest(101n)).to.deep.equal({ withheld: "no-beacon" });
    expect(signatures).to.equal(0);
  });

  it("speaks between 5 and 45 % of an epoch, the nodes of a shard spread evenly", () => {
    const fractions = Array.from({ length: 512 }, (_, nodeIndex) => signingFraction(nodeIndex)).sort((a, b) => a - b);
    expect(fractions[0]).to.be.at.least(0.05);
    expect(fractions.at(-1)).to.be.lessThan(0.45);
    const gaps = fractions.slice(1).map((fraction, i) => fraction - fractions[i]!);
    expect(Math.max(...gaps), "longest silence").to.be.lessThan(0.01);
  });
});
