import { type BeaconSource, packRun } from "@pqmesh/contracts/protocol/provenance-run";
import { AbiCoder, id, keccak256, TypedDataEncoder, ZeroHash } from "ethers";
import type { Hex } from "viem";
import { attestationLeaf } from "@pqmesh/contracts/protocol/merkle";
import {
  acceptReport,
  attest,
  deployDisputedMesh,
  type DisputedMesh,
  gasOf,
  goToEpoch,
  REPORT_WINDOW,
  type SignedAttestation,
} from "./disputed-mesh.ts";

/** Gas of whole transactions of the fraud game, each the largest of its samples. */
export interface DisputeGas {
  proveInvalid: number;
  proveInvalidRegistered: number;
  challenge: number;
  respond: number;
  selfAttest100: number;
  selfAttest100Registered: number;
}

/** First epoch of the run; the committee is in force by then. */
const FIRST = 6;
/** `IAttestationDisputes.Flaw.Signature`. */
const SIGNATURE_FLAW = 9;
const RUN = 100;
/** `IAttestationBridge.EpochStatus.Absent`. */
const ABSENT = 3n;

/**
 * Measures with the contracts and parameters of production, for the keys of so many nodes. Forged leaves carry honest
 * signatures of another key, so that the check goes all the way; each silenced node is named absent in 100 reports, each of
 * which is the source of a beacon.
 */
export async function measureDisputes(keyCount: number): Promise<DisputeGas> {
  const mesh = await deployDisputedMesh(keyCount + 1);
  const runs = await measureRuns(mesh);
  const leaves = await measureLeaves(mesh);
  await mesh.connection.close();
  return { ...leaves, ...runs };
}

async function measureLeaves(mesh: DisputedMesh) {
  const { instances, connection, domain, keys, members } = mesh;
  const { ethers, networkHelpers } = connection;
  const disputes = instances.AttestationDisputes;
  const epoch = FIRST + RUN;
  const at = { epoch, sequence: 1n, previous: ZeroHash as Hex };
  const beacon = keccak256("0x") as Hex;
  const signer = keys.length - 1;
  const forged = keys.slice(0, signer).map((_, node) => attest(mesh, { ...at, node, beacon }, signer));
  const honest = attest(mesh, { ...at, node: signer, beacon });
  await goToEpoch(mesh, epoch + REPORT_WINDOW);
  const made = new Map([...forged, honest].map((leaf, node) => [node, leaf] as const));
  const { summary, tree, digest, report } = await acceptReport(mesh, epoch, made);

  const value = (await disputes.getFunction("challengeBond")()) as bigint;
  const challenge = await gasOf(disputes.getFunction("challenge")(summary, report.absent, signer, { value }));
  const { attestation, signature } = honest;
  const respond = await gasOf(
    disputes.connect(members[0]).getFunction("respond")(1, 0, attestation, signature, tree.proof(signer)),
  );

  const separator = TypedDataEncoder.hashDomain({
    ...{ name: "PQMesh", version: "1", chainId: domain.chainId, verifyingContract: domain.bridge },
  });
  const [prover] = await ethers.getSigners();
  const prove = async (node: number, key: Uint8Array | string): Promise<number> => {
    const { attestation: statement, digest: hash, signature: bad } = forged[node];
    const coder = AbiCoder.defaultAbiCoder();
    const leafHash = attestationLeaf(node, hash, bad);
    const evidence = keccak256(coder.encode(["bytes32", "bytes32"], [digest, leafHash]));
    const salt = id(`prove ${node}`);
    const claim = coder.encode(["address", "bytes32", "bytes32"], [prover.address, evidence, salt]);
    await disputes.getFunction("claimEvidence")(keccak256(claim));
    await networkHelpers.mine(2);
    const leaf = { position: node, nodeIndex: node, domain: separator, attestation: statement, signature: bad };
    const support = { key, absent: "0x", history: [], salt };
    const opened = { ...leaf, proof: tree.proof(node) };
    return gasOf(disputes.getFunction("proveInvalid")(summary, opened, SIGNATURE_FLAW, support));
  };
  const proveInvalid = await largest(mesh, (node) => prove(node, keys[node].publicKey));
  await instances.MLDSA65KeyRegistry.getFunction("register")(keys[0].publicKey, { gasLimit: 16_000_000 });
  return { proveInvalid, proveInvalidRegistered: await prove(0, "0x"), challenge, respond };
}

/** The largest figure over all nodes but the last one; each is measured on the chain as it is now. */
async function largest({ connection, keys }: DisputedMesh, measure: (node: number) => Promise<number>) {
  const snapshot = await connection.networkHelpers.takeSnapshot();
  let most = 0;
  for (let node = 0; node < keys.length - 1; node++) {
    most = Math.max(most, await measure(node));
    await snapshot.restore();
  }
  return most;
}

/** Epochs of silenced nodes, whose attestations are committed one by one while reports name all nodes absent. */
async function commitRuns(mesh: DisputedMesh) {
  const { instances, owner, keys } = mesh;
  const { AttestationBridge: bridge } = instances;
  const chains: SignedAttestation[][] = keys.slice(0, -1).map(() => []);
  const sources = new Map<Hex, BeaconSource>();
  for (let epoch = FIRST; epoch < FIRST + RUN + REPORT_WINDOW; epoch++) {
    await goToEpoch(mesh, epoch);
    const { digest, summary } = await acceptReport(mesh, epoch - REPORT_WINDOW, new Map());
    if (sources.size === RUN) continue;
    const { beacon } = summary;
    sources.set(beacon, { digest, epoch: summary.epoch, beacon, signers: summary.signers });
    for (const [node, chain] of chains.entries()) {
      const link = { sequence: BigInt(chain.length + 1), previous: chain.at(-1)?.digest ?? (ZeroHash as Hex), beacon };
      const signed = attest(mesh, { node, epoch, ...link });
      await bridge.connect(owner).getFunction("commitAttestation")(node, epoch, signed.digest);
      chain.push(signed);
    }
  }
  return { chains, sources };
}

async function measureRuns(mesh: DisputedMesh) {
  const { instances, connection, keys } = mesh;
  const { chains, sources } = await commitRuns(mesh);
  const attestRun = (node: number, key: Uint8Array | string) => {
    const run = packRun(
      chains[node].map(({ attestation }) => attestation),
      ({ beacon }) => sources.get(beacon),
    );
    const signed = { ...run, key, signature: chains[node][RUN - 1].signature };
    return gasOf(instances.SelfAttestation.getFunction("selfAttest")(signed, { gasLimit: 16_700_000 }));
  };
  const status = (await instances.AttestationBridge.getFunction("statusOf")(0, FIRST)) as bigint;
  if (status !== ABSENT) throw new Error("no epoch to admit");
  const snapshot = await connection.networkHelpers.takeSnapshot();
  const selfAttest100 = await largest(mesh, (node) => attestRun(node, keys[node].publicKey));
  await instances.MLDSA65KeyRegistry.getFunction("register")(keys[0].publicKey, { gasLimit: 16_000_000 });
  const selfAttest100Registered = await attestRun(0, "0x");
  await snapshot.restore();
  return { selfAttest100, selfAttest100Registered };
}
