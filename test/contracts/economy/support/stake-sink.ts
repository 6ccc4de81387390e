/** Who is told what a model of stake makes of a node. */
export interface StakeSink {
  /** The node becomes active, or ceases to be, two epochs from now. */
  activityChanged(node: number, isActive: boolean): void;
  /** What the node counts for from the next epoch on, in MESH wei. */
  weightChanged(node: number, weight: bigint): void;
}
