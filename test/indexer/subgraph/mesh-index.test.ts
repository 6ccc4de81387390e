import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type AbiEvent, type Address, type Hex, hexToBytes, toEventSelector, toHex } from "viem";
import { EPOCH_STATUSES } from "../../../contracts/protocol/epoch-status.ts";
import { BUYERS, isAdmitted, PRIVACY_LEVELS } from "../../../contracts/protocol/privacy-level.ts";
import { decayedRatio, qualityBp, ratioBp, trustScore, TrustWeights } from "../../../contracts/protocol/trust-score.ts";
import { startIndexerOn, type TestIndexer } from "../fixture/test-indexer.ts";
import { seededRandom } from "../fixture/random-activity.ts";
import { temporaryFolder } from "../fixture/temporary-folder.ts";
import { pqmesh } from "../../relayer/cli/support/run-pqmesh.ts";
import { serveIndex } from "../mesh/serve-index.ts";
import { hasGraphNode } from "../graph-node/graph-node.ts";
import {
  compareCommittee,
  compareNodes,
  compareParameters,
  comparePools,
  compareTerms,
  compareTotals,
} from "../mesh/economy-views.ts";
import { compareAuthorities, compareCertificates, compareDelegates, compareLog } from "../mesh/certificate-views.ts";
import { compareElectorate, compareProposals, compareRounds, compareTimelock } from "../mesh/governance-views.ts";
import { compareLeases, compareListings } from "../mesh/lease-views.ts";
import { actOnMesh, reportAtRandom } from "../mesh/mesh-activity.ts";
import { MESH_ABIS, MeshChain, NOT_INDEXED } from "../mesh/mesh-chain.ts";
import { layMeshHistory } from "../mesh/mesh-history.ts";
import type { MeshPeople } from "../mesh/mesh-people.ts";
import { buildMeshSubgraph } from "../mesh/mesh-subgraph.ts";
import { compareEverything } from "../parity/compare-everything.ts";
import { startParityPair } from "../parity/parity-pair.ts";

const NODES = [0, 1, 2, 3];
const PAGE = 256;
/** Events that cannot happen here: an EIP-712 domain that changes, votes with parameters, roles with other administrators. */
const NEVER = ["EIP712DomainChanged", "VoteCastWithParams", "RoleAdminChanged"];
/** Set to repeat one comparison with graph-node. */
const SEED = Number(process.env["PQMESH_PARITY_SEED"] ?? 1);
const QUERIES = 200;
const REORGS = 2;
const DEEPEST_REORG = 12;

interface IndexedNode {
  attestedCount: string;
  absentCount: string;
  degradedCount: string;
  attestedRatio: number;
  behaviourRatio: number;
  auditBp: number;
  trustScore: number;
  stake: string;
  keyHash: Hex;
  rotations: number;
  lastEpoch: string;
  lastStatus: string;
  uptimePages: { page: number; statuses: Hex; qualities: Hex }[];
}

describe("the index of a devnet's history", function () {
  this.timeout(300_000);
  let mesh: MeshChain;
  let people: MeshPeople;
  let subgraph: string;
  let indexer: TestIndexer;

  before(async () => {
    subgraph = await buildMeshSubgraph();
    mesh = await MeshChain.start();
    people = await layMeshHistory(mesh);
    indexer = startIndexerOn({ chain: mesh.chain, subgraph, overrides: mesh.overrides });
    await indexer.reachHead();
  });

  after(async () => {
    await indexer?.stop();
    await mesh?.chain.stop();
  });

  const nodeOf = (index: number): IndexedNode =>
    indexer.query<{ node: IndexedNode }>(`{ node(id: "${index}") {
      attestedCount absentCount degradedCount attestedRatio behaviourRatio auditBp trustScore stake keyHash rotations
      lastEpoch lastStatus uptimePages(orderBy: page) { page statuses qualities } } }`).node;

  it("comes from every event that the contracts have", async () => {
    const indexed = Object.entries(MESH_ABIS).filter(([name]) => !NOT_INDEXED.includes(name));
    for (const [name, abi] of indexed) {
      const events = abi.filter((item): item is AbiEvent => item.type === "event" && !NEVER.includes(item.name));
      const address = mesh.network.contracts[name as keyof typeof MESH_ABIS];
      const logs = await mesh.chain.rpc<{ topics: Hex[] }[]>("eth_getLogs", { address, fromBlock: toHex(0) });
      const seen = new Set(logs.map(({ topics }) => topics[0]));
      const missing = events.filter((event) => !seen.has(toEventSelector(event))).map((event) => event.name);
      expect(missing, `events of ${name} that the history lacks`).to.deep.equal([]);
    }
  });

  it("has the status of every node and epoch as the bridge has it", async () => {
    const reported = Number(await mesh.read<bigint>("AttestationBridge", "nextEpoch", [0]));
    expect(reported, "epochs").to.be.greaterThan(6);
    const found = new Set<string>();
    for (const node of NODES) {
      const pages = new Map(nodeOf(node).uptimePages.map(({ page, statuses }) => [page, hexToBytes(statuses)]));
      for (let epoch = 0; epoch < reported; epoch++) {
        const onChain =
          EPOCH_STATUSES[await mesh.read<number>("AttestationBridge", "statusOf", [node, BigInt(epoch)])]!;
        const known = EPOCH_STATUSES[pages.get(Math.floor(epoch / PAGE))?.[epoch % PAGE] ?? 0];
        expect(known, `node ${node}, epoch ${epoch}`).to.equal(onChain === "Unreported" ? "Inactive" : onChain);
        found.add(onChain);
      }
    }
    expect([...found].sort()).to.deep.equal(["Absent", "Attested", "Degraded", "Inactive", "Unreported"]);
  });

  it("counts epochs as the bridge does, corrections included", async () => {
    const current = BigInt(await mesh.currentEpoch());
    for (const node of NODES) {
      const onChain = await mesh.read<Record<string, bigint>>("AttestationBridge", "uptime", [node, 0n, current]);
      const { attestedCount, absentCount, degradedCount } = nodeOf(node);
      const counts = [attestedCount, absentCount, degradedCount].map(BigInt);
      expect(counts, `node ${node}`).to.deep.equal([onChain["attested"], onChain["absent"], onChain["degraded"]]);
    }
    const { epochCorrections } = indexer.query<{ epochCorrections: object[] }>(
      "{ epochCorrections(orderBy: id) { id before after report { id } } }",
    );
    expect(epochCorrections).to.deep.equal([
      { id: "1-2-Voided", before: "Attested", after: "Absent", report: { id: "2-0" } },
      { id: "1-4-Voided", before: "Attested", after: "Absent", report: { id: "4-0" } },
      { id: "3-2-Admitted", before: "Absent", after: "Attested", report: { id: "2-0" } },
      { id: "3-3-Admitted", before: "Unreported", after: "Attested", report: null },
    ]);
  });

  it("has the Trust Score that anybody computes from the statuses", () => {
    for (const index of NODES) {
      const node = nodeOf(index);
      let [attested, behaviour] = [0, 0];
      for (const { statuses, qualities } of node.uptimePages) {
        const quality = hexToBytes(qualities);
        hexToBytes(statuses).forEach((status, offset) => {
          const name = EPOCH_STATUSES[status];
          if (name === "Inactive") return;
          attested = decayedRatio(attested, name === "Absent" ? 0 : 10_000, 60);
          behaviour = decayedRatio(behaviour, name === "Absent" ? 0 : qualityBp(quality[offset]!), 60);
        });
        expect(quality).to.have.length(PAGE);
      }
      expect([node.attestedRatio, node.behaviourRatio], `ratios of node ${index}`).to.deep.equal([attested, behaviour]);
      const weights = new TrustWeights(6_000, 3_000, 1_000);
      const score = trustScore(ratioBp(attested), ratioBp(behaviour), node.auditBp, weights);
      expect(node.trustScore, `score of node ${index}`).to.equal(score);
    }
  });

  it("tells how each challenge went", () => {
    const { challenges, network } = indexer.query<{ challenges: Record<string, unknown>[]; network: object }>(`{
      challenges(orderBy: number) { id node { id } state outcome responder answer { sequence nodeIndex }
        invalidLeaf { flaw } slash { id } payments(orderBy: amount) { account } openedAt respondBy answeredAt provableUntil }
      network(id: "pqmesh") { challengeCount openChallengeCount queuedChallengeCount } }`);
    const summary = challenges.map(({ node, state, outcome, answer, invalidLeaf, slash, payments }) => {
      const paid = (payments as { account: Address }[]).length;
      return { node: (node as { id: string }).id, state, outcome, answer, invalidLeaf, slash, paid };
    });
    expect(summary).to.deep.equal([
      {
        ...{ node: "0", state: "Dismissed", outcome: "AnswerStood", answer: { sequence: "1", nodeIndex: "0" } },
        ...{ invalidLeaf: null, slash: null, paid: 1 },
      },
      { node: "1", state: "Upheld", outcome: "Expired", answer: null, invalidLeaf: null, slash: { id: "1" }, paid: 2 },
      {
        ...{ node: "1", state: "Upheld", outcome: "ProvenInvalid", answer: null },
        ...{ invalidLeaf: { flaw: "Sequence" }, slash: null, paid: 1 },
      },
    ]);
    for (const { openedAt, respondBy } of challenges) expect(Number(respondBy)).to.be.greaterThan(Number(openedAt));
    expect(Number(challenges[0]!["provableUntil"])).to.be.greaterThan(Number(challenges[0]!["answeredAt"]));
    expect(network).to.deep.equal({ challengeCount: 3, openChallengeCount: 0, queuedChallengeCount: 0 });
  });

  it("has bonds, jails and frozen funds as the committee has them", async () => {
    const { relayers, network, offences, slashes } = indexer.query<{
      relayers: { address: Address; bond: string; frozenUntil: string | null; isBarred: boolean }[];
      network: { totalBonded: string; totalFrozen: string };
      offences: { kind: string }[];
      slashes: { state: string }[];
    }>(`{ relayers { address bond frozenUntil isBarred } network(id: "pqmesh") { totalBonded totalFrozen }
      offences(orderBy: timestamp) { kind } slashes(orderBy: number) { state } }`);
    expect(relayers).to.have.length(8);
    for (const { address, ...indexed } of relayers) {
      const onChain = await mesh.read<{ bond: bigint; frozenUntil: bigint; isBarred: boolean }>(
        "RelayerCommittee",
        "relayerOf",
        [address],
      );
      const { bond, frozenUntil, isBarred } = onChain;
      const expected = { bond: `${bond}`, frozenUntil: frozenUntil === 0n ? null : `${frozenUntil}`, isBarred };
      expect(indexed, address).to.deep.equal(expected);
    }
    expect(BigInt(network.totalBonded)).to.equal(await mesh.read<bigint>("RelayerCommittee", "totalBonded"));
    expect(BigInt(network.totalFrozen)).to.equal(await mesh.read<bigint>("RelayerCommittee", "totalFrozen"));
    const kinds = offences.map(({ kind }) => kind).sort();
    expect(kinds).to.deep.equal(["Equivocation", "ForgedReport", "ForgedReport", "Forgery", "Omission"]);
    expect(slashes.map(({ state }) => state)).to.deep.equal(["Paid", "Pardoned", "Frozen"]);
  });

  it("has keys, owner and quantum lock as the registry has them", async () => {
    const lock = await mesh.read<{ locked: boolean; nonce: number }>("NodeRegistry", "quantumLockOf", [1]);
    const onChain = await mesh.read<{ owner: Address; rootKey: Hex; beneficiary: Address }>(
      "NodeRegistry",
      "operatorOf",
      [1],
    );
    const { operator } = indexer.query<{
      operator: {
        owner: string;
        rootKey: Hex;
        beneficiary: string;
        quantumLock: { locked: boolean; nonce: number; history: { kind: string }[]; orders: { operation: string }[] };
      };
    }>(`{ operator(id: "1") { owner rootKey beneficiary quantumLock { locked nonce
      history(orderBy: timestamp) { kind } orders(orderBy: nonce) { operation } } } }`);
    const { history, orders, ...now } = operator.quantumLock;
    expect(now).to.deep.equal({ locked: lock.locked, nonce: lock.nonce });
    expect(history.map(({ kind }) => kind)).to.have.members(["Locked", "UnlockRequested", "Locked", "Unlocked"]);
    expect(orders.map(({ operation }) => operation)).to.deep.equal(["Lock", "Lock", "Unlock", "ChangeRootKey"]);
    const people = { owner: onChain.owner.toLowerCase(), beneficiary: onChain.beneficiary.toLowerCase() };
    expect({ owner: operator.owner, beneficiary: operator.beneficiary }).to.deep.equal(people);
    expect(operator.rootKey).to.equal(onChain.rootKey);
    const { keyHash } = await mesh.read<{ keyHash: Hex }>("NodeRegistry", "nodeOf", [0]);
    expect([nodeOf(0).keyHash, nodeOf(0).rotations]).to.deep.equal([keyHash, 1]);
  });

  it("has pools, delegations and their unbondings to the wei", () => comparePools(mesh, indexer));

  it("has stake, weight, jail and calendar of every node", () => compareNodes(mesh, indexer));

  it("has accumulator, emissions and frozen funds to the wei", () => compareTotals(mesh, indexer));

  it("has the terms of emissions and vesting", () => compareTerms(mesh, indexer));

  it("has fees, regions and queue of the committee", () => compareCommittee(mesh, indexer));

  it("has every governed number and what will change", () => compareParameters(mesh, indexer));

  it("has listings, terms and capacities as the contract has them", () => compareListings(mesh, indexer));

  it("has leases, bonds and credits to the smallest unit", () => compareLeases(mesh, indexer));

  it("has proposals, ballots and both tallies as the governor has them", () => compareProposals(mesh, indexer));

  it("has units, delegates, locks and identities as votes and gate have them", () => compareElectorate(mesh, indexer));

  it("has seasons, rounds and voice credits as the contract has them", () => compareRounds(mesh, indexer));

  it("has operations, privileges and roles as the timelock has them", () => compareTimelock(mesh, indexer));

  it("has certificates as the registry has them", () => compareCertificates(mesh, indexer));

  it("has authorities as the registry has them", () => compareAuthorities(mesh, indexer));

  it("has delegates of authorities as the registry has them", () => compareDelegates(mesh, indexer));

  it("has the log that leads to the registry's heads", () => compareLog(mesh, indexer));

  it("tells how each proposal ended, and what it changed", () => {
    const { proposals, parameterChanges } = indexer.query<{
      proposals: Record<string, string | number | null>[];
      parameterChanges: { parameter: { id: string }; newValue: string; operation: { proposal: { number: number } } }[];
    }>(`{ proposals(orderBy: number) { title bondState extendedBy executedAt cancelledAt }
      parameterChanges(where: {operation_not: null}, orderBy: timestamp) {
        parameter { id } newValue operation { proposal { number } } } }`);
    const ends = proposals.map(({ title, bondState, extendedBy, executedAt, cancelledAt }) => {
      const end = executedAt !== null ? "executed" : cancelledAt !== null ? "cancelled" : "-";
      return `${title}: ${end}, ${bondState}, ${Number(extendedBy) > 0 ? "extended" : "-"}`;
    });
    expect(ends).to.deep.equal([
      "Fewer open challenges: executed, Released, -",
      "executed in the timelock: executed, Released, -",
      "cancelled in the timelock: cancelled, Released, -",
      "vetoed by identities: -, Burnt, -",
      "rejected by MESH: -, Released, -",
      "turned late: -, Burnt, extended",
      ": cancelled, Released, -",
      "still open: -, Held, -",
      "Still pending: -, Held, -",
    ]);
    const changes = parameterChanges.map((change) => [
      change.parameter.id,
      change.newValue,
      change.operation.proposal.number,
    ]);
    expect(changes.sort()).to.deep.equal([
      ["maxOpenChallenges", "2", 1],
      ["maxOpenChallenges", "3", 2],
    ]);
  });

  it("tells which entries were paused until when, and who ended that early", () => {
    const { entryAreas } = indexer.query<{
      entryAreas: { id: string; pausedUntil: string; pauses: Record<string, string>[] }[];
    }>(`{ entryAreas { id pausedUntil pauses { until by startedAt endedAt endedBy } } }`);
    const timelock = mesh.timelock.toLowerCase();
    expect(entryAreas.map(({ id, pauses }) => [id, pauses.length])).to.deep.equal([["Listing", 1]]);
    const [{ pausedUntil, pauses }] = entryAreas as [(typeof entryAreas)[0]];
    const { until, by, startedAt, endedAt, endedBy } = pauses[0]!;
    expect([by, endedBy, endedAt]).to.deep.equal([timelock, timelock, pausedUntil]);
    expect(Number(until), "until").to.be.greaterThan(Number(endedAt));
    expect(Number(endedAt), "ended").to.be.at.least(Number(startedAt));
  });

  it("tells what an identity went through, and each vote in a round", () => {
    const { votingIdentities, roundVoteChanges } = indexer.query<{
      votingIdentities: { changes: { kind: string }[] }[];
      roundVoteChanges: { isDiscard: boolean; options: number[]; votes: number[]; spentAfter: string }[];
    }>(`{ votingIdentities(orderBy: identity) { changes(orderBy: timestamp) { kind } }
      roundVoteChanges(where: {round: "1"}, orderBy: timestamp) { isDiscard options votes spentAfter } }`);
    const kinds = votingIdentities.map(({ changes }) => [...new Set(changes.map(({ kind }) => kind))].sort().join(" "));
    expect(kinds).to.deep.equal([
      "Held Reinstated Released Suspended UnitsChanged",
      "Admitted Held UnitsChanged",
      "Admitted Held Released UnitsChanged",
      "Admitted Held Released UnitsChanged",
      "Admitted Held Released Revoked UnitsChanged",
    ]);
    expect(roundVoteChanges.map(({ options, votes, spentAfter }) => [options, votes, spentAfter])).to.have.deep.members(
      [
        [[0, 2], [3, 10], "109"],
        [[0, 1], [4, 4], "32"],
        [[1, 2], [7, 2], "53"],
        [[0, 1, 2], [5, 1, 0], "26"],
        [[], [], "53"],
      ],
    );
  });

  it("publishes the contract's table of who may lease", async () => {
    for (const [level, privacy] of PRIVACY_LEVELS.entries()) {
      for (const [kind, buyer] of BUYERS.entries()) {
        const onChain = await mesh.read<boolean>("NodeListings", "isAdmitted", [level, kind]);
        expect(isAdmitted(privacy, buyer), `${privacy} to ${buyer}`).to.equal(onChain);
      }
    }
  });

  it("tells how each lease and dispute ended", () => {
    const { leases, leaseDisputes, leaseMarket, deliveryKeys } = indexer.query<{
      leases: { status: string; disputeCount: number; deliveryCount: number; janitorPaid: string }[];
      leaseDisputes: { outcome: string; clientShareBp: number; offerBp: number | null; disputedUntil: string }[];
      leaseMarket: Record<string, unknown>;
      deliveryKeys: { key: string }[];
    }>(`{ leases(orderBy: number) { status disputeCount deliveryCount janitorPaid }
      leaseDisputes(orderBy: openedAt) { outcome clientShareBp offerBp disputedUntil }
      leaseMarket(id: "pqmesh") { listingCount leaseCount pendingLeaseCount activeLeaseCount treasury arbitrator }
      deliveryKeys { key } }`);
    expect(leases.map(({ status }) => status)).to.deep.equal([
      ...["OutOfFunds", "Cancelled", "Declined", "NotAccepted", "Breached", "Completed", "EndedByClient"],
    ]);
    expect(leases.map(({ deliveryCount }) => deliveryCount)).to.deep.equal([2, 0, 0, 0, 1, 1, 1]);
    expect(leases.filter(({ janitorPaid }) => janitorPaid !== "0")).to.have.length(3);
    expect(leaseDisputes.map(({ outcome, clientShareBp }) => `${outcome} ${clientShareBp}`)).to.deep.equal([
      ...["Agreed 2500", "Silent 0", "Withdrawn 0"],
    ]);
    const treasury = mesh.timelock.toLowerCase();
    expect(leaseMarket).to.deep.equal({
      ...{ listingCount: 4, leaseCount: 7, pendingLeaseCount: 0, activeLeaseCount: 0, treasury, arbitrator: treasury },
    });
    expect(new Set(deliveryKeys.map(({ key }) => key.length)), "bytes of keys").to.deep.equal(new Set([2 + 2 * 1_184]));
  });

  it("tells how each slash of a node and each proposal ended", async () => {
    const { nodeSlashes, slashProposals, nodes } = indexer.query<{
      nodeSlashes: { number: string; kind: string; state: string; ownPart: string; poolPart: string }[];
      slashProposals: { number: string; state: string; outcome: string; taken: string; amountLeft: string }[];
      nodes: { slashCount: number; breachedWords: number; isBarred: boolean; auditBp: number }[];
    }>(`{ nodeSlashes(orderBy: number) { number kind state ownPart poolPart }
      slashProposals(orderBy: number) { number state outcome taken amountLeft }
      nodes(orderBy: nodeIndex) { slashCount breachedWords isBarred auditBp } }`);
    for (const { number, ownPart, poolPart } of nodeSlashes) {
      const onChain = await mesh.read<Record<string, bigint>>("NodeSlashing", "slashOf", [BigInt(number)]);
      expect([BigInt(ownPart), BigInt(poolPart)], `slash ${number}`).to.deep.equal([
        onChain["ownPart"],
        onChain["poolPart"],
      ]);
    }
    expect(nodeSlashes.map(({ kind, state }) => `${kind} ${state}`)).to.deep.equal([
      "Proposed Frozen",
      "Proposed Frozen",
      "Proposed Paid",
      "Equivocation Pardoned",
      "Downtime Paid",
      "Downtime Pardoned",
      "Downtime Frozen",
    ]);
    expect(slashProposals.map(({ outcome }) => outcome)).to.deep.equal(["Withdrawn", "Lapsed", "Executed"]);
    expect(slashProposals[2]!.taken, "taken").to.equal(
      `${BigInt(nodeSlashes[2]!.ownPart) + BigInt(nodeSlashes[2]!.poolPart)}`,
    );
    expect(nodes.map((node) => [node.slashCount, node.breachedWords, node.auditBp])).to.deep.equal([
      [1, 0, 9_000],
      [2, 1, 7_800],
      [2, 0, 8_000],
      [0, 0, 10_000],
    ]);
  });

  it("tells what pardons gave back to pools and to what was unbonding from them", () => {
    const { poolChanges, nodeSlashes, delegationPools } = indexer.query<{
      poolChanges: { pool: { id: string }; amount: string; unbondingAmount: string }[];
      nodeSlashes: { node: { id: string }; restoredToPool: string }[];
      delegationPools: { id: string; totalRestored: string }[];
    }>(`{ poolChanges(where: { kind: Restored }) { pool { id } amount unbondingAmount }
      nodeSlashes { node { id } restoredToPool }
      delegationPools { id totalRestored } }`);
    expect(
      poolChanges.some(({ amount, unbondingAmount }) => BigInt(amount) > 0n && BigInt(unbondingAmount) > 0n),
    ).to.equal(true);
    for (const { id, totalRestored } of delegationPools) {
      const ofChanges = poolChanges
        .filter(({ pool }) => pool.id === id)
        .reduce((sum, { amount, unbondingAmount }) => sum + BigInt(amount) + BigInt(unbondingAmount), 0n);
      const ofSlashes = nodeSlashes
        .filter(({ node }) => node.id === id)
        .reduce((sum, { restoredToPool }) => sum + BigInt(restoredToPool), 0n);
      expect([ofChanges, ofSlashes], `pool ${id}`).to.deep.equal([BigInt(totalRestored), BigInt(totalRestored)]);
    }
  });

  it("adds claims up per node and per day", () => {
    const { rewardClaims, rewardDays, nodes, network } = indexer.query<{
      rewardClaims: { toOperator: string; toPool: string; returned: string; isStaked: boolean }[];
      rewardDays: { toOperator: string; toPool: string; returned: string; claimCount: number }[];
      nodes: { rewardsToOperator: string; rewardsToPool: string; rewardsReturned: string }[];
      network: { rewardsToOperators: string; rewardsToPools: string; rewardsReturned: string };
    }>(`{ rewardClaims(orderBy: timestamp) { toOperator toPool returned isStaked }
      rewardDays { toOperator toPool returned claimCount }
      nodes { rewardsToOperator rewardsToPool rewardsReturned }
      network(id: "pqmesh") { rewardsToOperators rewardsToPools rewardsReturned } }`);
    const sum = (values: string[]) => values.reduce((total, value) => total + BigInt(value), 0n);
    const ofClaims = [
      sum(rewardClaims.map(({ toOperator }) => toOperator)),
      sum(rewardClaims.map(({ toPool }) => toPool)),
      sum(rewardClaims.map(({ returned }) => returned)),
    ];
    const ofDays = [
      sum(rewardDays.map(({ toOperator }) => toOperator)),
      sum(rewardDays.map(({ toPool }) => toPool)),
      sum(rewardDays.map(({ returned }) => returned)),
    ];
    const ofNodes = [
      sum(nodes.map(({ rewardsToOperator }) => rewardsToOperator)),
      sum(nodes.map(({ rewardsToPool }) => rewardsToPool)),
      sum(nodes.map(({ rewardsReturned }) => rewardsReturned)),
    ];
    expect(ofDays, "days").to.deep.equal(ofClaims);
    expect(ofNodes, "nodes").to.deep.equal(ofClaims);
    const { rewardsToOperators, rewardsToPools, rewardsReturned } = network;
    expect([rewardsToOperators, rewardsToPools, rewardsReturned].map(BigInt), "network").to.deep.equal(ofClaims);
    for (const part of ofClaims) expect(part > 0n, "each part is paid").to.equal(true);
    expect(
      rewardClaims.map(({ isStaked }) => isStaked),
      "staked",
    ).to.have.members([false, false, true]);
  });

  it("has scores that pqmesh trust computes from the chain alone", async () => {
    const front = await serveIndex(indexer);
    const network = join(temporaryFolder(), "network.json");
    const rest = { name: "mesh", indexerUrl: front.url, relayers: [], trustDomain: "mesh.example" };
    writeFileSync(network, JSON.stringify({ ...mesh.network, ...rest, rpcUrl: mesh.chain.url }));
    const trust = (node: number) =>
      pqmesh(["--json", "trust", `${node}`, "--verify", "--moves", "9", "--network", network]);
    try {
      for (const node of NODES) {
        const { status, json, stdout } = await trust(node);
        expect(status, stdout).to.equal(0);
        const { trustScore: score, attestedRatio, behaviourRatio, auditBp } = nodeOf(node);
        expect(json()).to.deep.include({ trustScore: score, attestedRatio, behaviourRatio, auditBp, verified: true });
      }
      const { moves } = (await trust(1)).json<{ moves: { cause: string; toBp: number }[] }>();
      expect(moves, "moves").to.have.length(9);
      expect(moves.at(-1)!.toBp, "last move").to.equal(nodeOf(1).trustScore);
      front.falsify('"trustScore":', '"trustScore":1');
      const refuted = await trust(1);
      expect(refuted.status, "exit code").to.equal(3);
      expect(refuted.stdout).to.match(/the indexer says trustScore \d+ of node 1 at block \d+, the chain says \d+/);
    } finally {
      front.stop();
    }
  });

  // Last: it changes the chain.
  for (const seed of hasGraphNode() ? [SEED] : []) {
    it(`is the same in graph-node entity for entity, before and after reorgs, seed ${seed}`, async () => {
      const random = seededRandom(seed);
      const { startBlock } = mesh.network;
      const pair = await startParityPair({ chain: mesh.chain, subgraph, overrides: mesh.overrides });
      try {
        const dump = await compareEverything(pair, { startBlock, random, queries: QUERIES });
        const empty = [...dump].filter(([, entities]) => entities.length === 0).map(([type]) => type);
        expect(empty, "types without an entity").to.deep.equal([]);
        for (let i = 0; i < REORGS; i++) {
          await mesh.chain.reorg(1 + random(DEEPEST_REORG));
          await actOnMesh(mesh, people, random, 4);
          await compareEverything(pair, { startBlock, random, queries: QUERIES });
          await reportAtRandom(mesh, people, random);
          await pair.reachHead();
        }
        await compareEverything(pair, { startBlock, random, queries: QUERIES });
        for (const compare of [
          comparePools,
          compareNodes,
          compareTotals,
          compareCommittee,
          compareListings,
          compareLeases,
          compareProposals,
          compareElectorate,
          compareRounds,
          compareTimelock,
        ]) {
          await compare(mesh, pair.indexer);
        }
        expect(pair.indexer.status()?.reorgs, "reorgs that the engine undid").to.equal(REORGS);
      } finally {
        await pair.stop();
      }
    });
  }
});
