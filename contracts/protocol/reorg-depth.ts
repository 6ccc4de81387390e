/**
 * Blocks on top of a block that no supported reorg replaces; `AttestationBridge.REORG_DEPTH`. Beacons lie at least this
 * deep, and what is this deep is final to the programs.
 */
export const REORG_DEPTH = 12n;
