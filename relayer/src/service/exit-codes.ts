/** Exit codes of every command and service. */
export const EXIT_CODES = {
  ok: 0,
  /** The work could not be done. */
  failure: 1,
  /** The command line, a configuration or a file given is wrong. */
  usage: 2,
  /** A check was carried out and its answer is no, for example a proof that does not hold. */
  refuted: 3,
  /** The chain node does not answer; the same command may work later. */
  unreachable: 4,
} as const;
