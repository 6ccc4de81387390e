import type { RefusalCode } from "../session/frames.ts";

/** Why an attestation is not taken. */
export interface Refusal {
  code: RefusalCode;
  message: string;
  /** The sequence that would be taken next, where that is the point. */
  expectedSequence?: number;
}

/** Makes a refusal. */
export function refuse(code: RefusalCode, message: string, expectedSequence?: number): Refusal {
  return expectedSequence === undefined ? { code, message } : { code, message, expectedSequence };
}
