// Loads the modules of agents and relayers once, so that Node's compile cache holds them: every process that follows starts
// faster and does not load the type stripper. Run with NODE_COMPILE_CACHE set.
import { flushCompileCache } from "node:module";

await Promise.all([import("../../relayer/src/agent/run.ts"), import("../../relayer/src/run.ts")]);
flushCompileCache();
process.exit(0);
