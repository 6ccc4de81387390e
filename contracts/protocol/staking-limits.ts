/** Unbondings that a node can have at once: `NodeStaking.maxUnbondings`, fixed for ever. */
export const MAX_UNBONDINGS = 32;
