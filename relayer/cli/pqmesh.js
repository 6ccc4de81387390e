#!/usr/bin/env node
// Plain JavaScript, so that an old Node says in one sentence what is missing instead of refusing TypeScript.
import { setFlagsFromString } from "node:v8";
import "../../scripts/require-node.js";

// Before anything is loaded: a young generation that stays small holds some 70 MB less of a relayer.
setFlagsFromString("--semi-space-growth-factor=1");

await import("./pqmesh.ts");
