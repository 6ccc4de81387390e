/** Windows of the attestation bridge after an epoch has ended, in epochs. */
export interface Windows {
  report: number;
  commit: number;
  challenge: number;
  response: number;
}

/** Epochs after which nothing can change for money any more. */
export function horizonEpochs({ report, commit, challenge, response }: Windows): number {
  return report + commit + challenge + response;
}
