/** A change of a contract that an invariant must find. */
export interface PlantedBug {
  /** Bugs of one round are planted together. */
  round: number;
  /** What is wrong, in words. */
  bug: string;
  /** Path within contracts/. */
  file: string;
  from: string;
  to: string;
  /** Tests that must fail, as `TestContract.test`. */
  found: string[];
}
