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
const NODES = 3;

/**
 * Measures with the contracts and parameters of production. Forged leaves carry honest signatures of another key, so that
 * the check goes all the way; the silenced node is named absent in 100 reports, each of which is the source of a beacon.
 */
export async function measureDisputes(): Promise<DisputeGas> {
  const mesh = await deployDisputedMesh(NODES);
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
  const forged = [0, 1].map((node) => attest(mesh, { ...at, node, beacon }, 2));
  const honest = attest(mesh, { ...at, node: 2, beacon });
  await goToEpoch(mesh, epoch + REPORT_WINDOW);
  const made = new Map([...forged, honest].map((leaf, node) => [node, leaf] as const));
  const { summary, tree, digest, report } = await acceptReport(mesh, epoch, made);

  const value = (await disputes.getFunction("challengeBond")()) as bigint;
  const challenge = await gasOf(disputes.getFunction("challenge")(summary, report.absent, 2, { value }));
  const { attestation, signature } = honest;
  const respond = await gasOf(
    disputes.connect(members[0]).getFunction("respond")(1, 0, attestation, signature, tree.proof(2)),
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
  const proveInvalid = await prove(0, keys[0].publicKey);
  await instances.MLDSA65KeyRegistry.getFunction("register")(keys[1].publicKey, { gasLimit: 16_000_000 });
  return { proveInvalid, proveInvalidRegistered: await prove(1, "0x"), challenge, respond };
}

async function measureRuns(mesh: DisputedMesh) {
  const { instances, owner, connection, keys } = mesh;
  const { AttestationBridge: bridge, SelfAttestation: selfAttestation } = instances;
  const made: SignedAttestation[] = [];
  const sources = new Map<Hex, BeaconSource>();
  let previous = ZeroHash as Hex;
  for (let epoch = FIRST; epoch < FIRST + RUN + REPORT_WINDOW; epoch++) {
    await goToEpoch(mesh, epoch);
    const { digest, summary } = await acceptReport(mesh, epoch - REPORT_WINDOW, new Map());
    if (made.length === RUN) continue;
    sources.set(summary.beacon, { digest, epoch: summary.epoch, beacon: summary.beacon, signers: summary.signers });
    const sequence = BigInt(made.length + 1);
    const signed = attest(mesh, { node: 0, epoch, sequence, previous, beacon: summary.beacon });
    await bridge.connect(owner).getFunction("commitAttestation")(0, epoch, signed.digest);
    made.push(signed);
    previous = signed.digest;
  }
  const run = {
    ...packRun(
      made.map(({ attestation }) => attestation),
      ({ beacon }) => sources.get(beacon),
    ),
    signature: made[RUN - 1].signature,
  };
  const { networkHelpers } = connection;
  const snapshot = await networkHelpers.takeSnapshot();
  const attestRun = (key: Uint8Array | string) =>
    gasOf(selfAttestation.getFunction("selfAttest")({ ...run, key }, { gasLimit: 16_700_000 }));
  const selfAttest100 = await attestRun(keys[0].publicKey);
  await snapshot.restore();
  await instances.MLDSA65KeyRegistry.getFunction("register")(keys[0].publicKey, { gasLimit: 16_000_000 });
  if (((await bridge.getFunction("statusOf")(0, FIRST)) as bigint) !== ABSENT) throw new Error("no epoch to admit");
  return { selfAttest100, selfAttest100Registered: await attestRun("0x") };
}
