/** An epoch or a Unix second that never comes, on chain: the end of jails and of active intervals that have none. */
export const FOR_EVER = 2n ** 64n - 1n;
