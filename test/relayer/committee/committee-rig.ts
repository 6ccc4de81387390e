import { hashReport, leaderSeat, type Report } from "@pqmesh/contracts/protocol/report";
import { signWithBoth } from "../../../relayer/src/committee/member-signatures.ts";
import type { MemberSignatures, Proposal } from "../../../relayer/src/committee/messages.ts";
import { PeerClient, PeerRefusal } from "../../../relayer/src/committee/peer-client.ts";
import { buildReport, leafOfWire, mergeQuality, qualityBytes } from "../../../relayer/src/committee/report-builder.ts";
import type { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { startAnvil, type TestChain } from "../../helpers/anvil.ts";
import { AttestingNode, type MadeAttestation, MEASUREMENT } from "../../helpers/attesting-node.ts";
import {
  deleteDisk,
  type MemberOptions,
  perfectHeartbeats,
  relayerMaterial,
  startMember,
  testAuthority,
  type TestMember,
} from "../../helpers/test-committee.ts";
import {
  addNodes,
  approveMeasurement,
  deployTestNetwork,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/** Epoch that the tests are about: the first one in which nodes are active. */
export const EPOCH = 6n;
/** Seat that leads round 0 of that epoch. */
export const LEADER = leaderSeat(EPOCH, 0, 0, 4);
/** Seat that leads round 1. */
export const NEXT_LEADER = leaderSeat(EPOCH, 0, 1, 4);

/** Nodes of the rig. */
export const NODES = [0, 1, 2];
/** Long, because members start slowly on a busy machine; tests jump over the waiting. */
const EPOCH_SECONDS = 60;
/** Length of a round: a fifth of an epoch. */
const ROUND_SECONDS = EPOCH_SECONDS / 5;

/** A chain in which three nodes and four relayers are registered, and the members that a test starts. */
export class CommitteeRig {
  readonly chain: TestChain;
  readonly network: TestNetwork;
  readonly relayers: TestRelayer[];
  readonly nodes: AttestingNode[];
  readonly authority: CertificateAuthority;
  /** By seat. */
  readonly members = new Map<number, TestMember>();

  private constructor(parts: Pick<CommitteeRig, "chain" | "network" | "relayers" | "nodes" | "authority">) {
    this.chain = parts.chain;
    this.network = parts.network;
    this.relayers = parts.relayers;
    this.nodes = parts.nodes;
    this.authority = parts.authority;
  }

  /** Chain time then is two epochs before {@link EPOCH}; no member runs. */
  static async create(): Promise<CommitteeRig> {
    const chain = await startAnvil();
    const windows = { report: 1, commit: 2, challenge: 2, response: 2 };
    const network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS, windows });
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const nodes = NODES.map((nodeIndex) => new AttestingNode(nodeIndex, domain));
    const seats = [10, 11, 12, 13].map((accountIndex) => ({ accountIndex, endpoint: "https://127.0.0.1:1" }));
    const relayers = await seatCommittee(network, seats);
    await approveMeasurement(network, MEASUREMENT);
    await chain.mineAt(network.epochStart(EPOCH - 2n));
    await addNodes(
      network,
      nodes.map(({ publicKey }) => publicKey),
    );
    await chain.mine(16);
    return new CommitteeRig({ chain, network, relayers, nodes, authority: await testAuthority(network) });
  }

  /** Starts members; all four, and leading, unless told otherwise. */
  async start(seats = [0, 1, 2, 3], changes: Partial<MemberOptions> = {}): Promise<void> {
    const { network, authority } = this;
    for (const seat of seats) {
      const relayer = this.relayers[seat]!;
      const material = await relayerMaterial(authority, relayer.address);
      const member = await startMember({ network, relayer, seat, material, ...changes });
      member.heartbeats = perfectHeartbeats(NODES);
      this.members.set(seat, member);
    }
  }

  member(seat: number): TestMember {
    const member = this.members.get(seat);
    if (!member) throw new Error(`seat ${seat} does not run`);
    return member;
  }

  /** Attestations for {@link EPOCH} of all nodes. */
  attestAll(beacon = [...this.members.values()][0]!.chain.beaconFor(0, EPOCH)!): MadeAttestation[] {
    return this.nodes.map((node) => node.attest(Number(EPOCH), { beacon }));
  }

  /** Gives attestations to all members that run. */
  async holdEverywhere(attestations: MadeAttestation[]): Promise<void> {
    for (const member of this.members.values()) await member.hold(attestations);
  }

  /** Moves chain time to the start of a round of {@link EPOCH} and waits until the members see it. */
  async goToRound(round: number): Promise<void> {
    const seconds = this.network.epochStart(EPOCH + 1n) + round * ROUND_SECONDS;
    await this.chain.mineAt(seconds);
    const running = [...this.members.values()];
    await waitUntil(`all see round ${round}`, () => running.every(({ chain }) => chain.nowMs() >= seconds * 1_000));
  }

  /** Waits until every member sees {@link EPOCH} reported. */
  async reported(timeoutMs = 15_000): Promise<void> {
    const running = [...this.members.values()];
    const isDone = () => running.every(({ chain }) => chain.acceptedReport(0, EPOCH) !== undefined);
    await waitUntil(`epoch ${EPOCH} is reported`, isDone, timeoutMs);
  }

  /** The report a member would propose from what it holds, changed where a dishonest one wants it. */
  async proposalOf(seat: number, round: number, changes: ProposalChanges = {}): Promise<Proposal> {
    const { chain, store, heartbeats } = this.member(seat);
    const beaconBlock = chain.head().number - (changes.beaconDepth ?? 14n);
    const leaves = store.leavesOf(EPOCH, 0).filter(({ nodeIndex }) => !changes.leaveOut?.includes(nodeIndex));
    const treeLeaves = leaves.map(({ nodeIndex, digest }) => {
      return [nodeIndex, leafOfWire(nodeIndex, digest, store.wire(EPOCH, nodeIndex)!)] as const;
    });
    const report = buildReport({
      ...{ epoch: EPOCH, shard: 0, round, committeeVersion: 1, beaconBlock },
      beacon: (await chain.blockHash(beaconBlock))!,
      activeNodes: NODES,
      leaves: new Map(treeLeaves),
      quality: new Map([
        ...qualityBytes(mergeQuality({ own: heartbeats, peers: [], faults: 0 })),
        ...(changes.quality ?? []),
      ]),
      degradedQuality: Number(chain.parameter("degradedQuality")),
    });
    return { report: { ...report, ...changes.report }, leaves };
  }

  /**
   * Proposes over the network as one member to another, signed by the one who proposes or by somebody else; gives the
   * answer or the reason of the refusal.
   */
  async propose(from: number, to: number, proposal: Proposal, signer = from): Promise<MemberSignatures | string> {
    const { credentials, chain } = this.member(from);
    const client = new PeerClient(credentials);
    const signatures = await signWithBoth(this.member(signer).keys, hashReport(chain, proposal.report));
    try {
      const members = chain.committeeAt(EPOCH)!.members;
      return await client.of(members[to]!).propose({ ...proposal, signatures }, 3_000);
    } catch (error) {
      if (error instanceof PeerRefusal) return error.type;
      throw error;
    } finally {
      client.close();
    }
  }

  /** Ends what is left of the test. */
  async stop(): Promise<void> {
    const running = [...this.members.values()];
    await Promise.all(running.map((member) => member.stop()));
    running.forEach(deleteDisk);
    await this.chain.stop();
  }
}

/** What a dishonest leader changes. */
export interface ProposalChanges {
  beaconDepth?: bigint;
  leaveOut?: number[];
  quality?: Map<number, number>;
  report?: Partial<Report>;
}
