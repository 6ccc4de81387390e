#!/usr/bin/env node
// Plain JavaScript, so that an old Node says in one sentence what is missing instead of refusing TypeScript.
import "../../scripts/require-node.js";

await import("./pqmesh.ts");
