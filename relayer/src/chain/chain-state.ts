import type { CertificateKind } from "../pki/certificate-records.ts";
import { CertificateBook } from "./certificate-book.ts";
import type { ChainEvent } from "./chain-events.ts";
import { CommitteeRecords } from "./committee-records.ts";
import { DisputeRecords } from "./dispute-records.ts";
import { FeeRecords } from "./fee-records.ts";
import { LeaseRecords } from "./lease-records.ts";
import { NodeRecords } from "./node-records.ts";
import { ParameterRecords } from "./parameter-records.ts";
import { OwnEpochRecords } from "./own-epoch-records.ts";
import { RewardRecords } from "./reward-records.ts";
import { ReportRecords } from "./report-records.ts";
import type { Undo } from "./undo.ts";

/** What a view keeps of the chain; without a scope, everything. */
export interface ChainScope {
  /** Keep the reports of this shard only. */
  shard: number;
  /** Keep this node only, and of certificates its own and those of relayers. */
  nodeIndex: number;
  /** Follow disputes too, of all shards. */
  withDisputes?: boolean;
}

/** Everything the followed events say, in memory. */
export class ChainState {
  readonly nodes: NodeRecords;
  readonly committees = new CommitteeRecords();
  readonly reports: ReportRecords;
  readonly parameters = new ParameterRecords();
  readonly disputes = new DisputeRecords();
  readonly ownEpochs: OwnEpochRecords;
  readonly rewards = new RewardRecords();
  readonly fees = new FeeRecords();
  readonly leases = new LeaseRecords();
  readonly certificates: CertificateBook;

  constructor(scope?: ChainScope) {
    this.nodes = new NodeRecords((nodeIndex) => !scope || nodeIndex === scope.nodeIndex);
    this.reports = new ReportRecords((shard) => !scope || shard === scope.shard);
    this.ownEpochs = new OwnEpochRecords((nodeIndex) => !scope || nodeIndex === scope.nodeIndex);
    this.certificates = new CertificateBook(scope && { keeps: (kind, subject) => isKept(scope, kind, subject) });
  }

  /** Takes an event in and returns how to take it back. */
  apply(event: ChainEvent): Undo {
    const { nodes, committees, reports, parameters, disputes, ownEpochs, rewards, fees, leases, certificates } = this;
    const all = [nodes, committees, reports, parameters, disputes, ownEpochs, rewards, fees, leases, certificates];
    const undos = all.map((records) => records.apply(event));
    return () => undos.forEach((undo) => undo?.());
  }
}

function isKept({ nodeIndex }: ChainScope, kind: CertificateKind, subject: bigint): boolean {
  return kind === "relayer" || (kind === "node" && subject === BigInt(nodeIndex));
}
