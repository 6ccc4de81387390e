import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes that JavaScript objects and their buffers occupy after a full collection. */
export function liveMemory(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
