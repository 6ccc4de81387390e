import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";
import { PACKAGE_ROOT } from "../package-root.ts";

const SHARED = ["../contracts/generated", "../contracts/protocol"];
const PARTS = [
  ...[
    "agent",
    "chain",
    "delivery",
    "disputes",
    "keystore",
    "pki",
    "renewal",
    "self-proof",
    "service",
    "session",
    "store",
    "submit",
  ],
  "transport",
];
const FILES = ["instance-lock.ts", "package-root.ts", "version.ts"];

/**
 * Measurement of this agent build: SHA-256 over name and SHA-256 of every source file that an agent runs, sorted by name.
 * Self-declared: it tells honest operators' builds apart, it is no remote attestation.
 */
export function measureBuild(): Hex {
  const total = createHash("sha256");
  for (const file of measuredFiles()) {
    const name = path.relative(path.dirname(PACKAGE_ROOT), file).split(path.sep).join("/");
    total.update(`${name} ${createHash("sha256").update(readFileSync(file)).digest("hex")}\n`);
  }
  return `0x${total.digest("hex")}`;
}

/** Source files that {@link measureBuild} covers, sorted: whole folders, each of which has something that an agent runs. */
export function measuredFiles(): string[] {
  const own = PARTS.flatMap((part) => sources(path.join(PACKAGE_ROOT, "src", part)));
  const shared = SHARED.flatMap((folder) => sources(path.resolve(PACKAGE_ROOT, folder)));
  return [...own, ...FILES.map((name) => path.join(PACKAGE_ROOT, "src", name)), ...shared].sort();
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(directory, name));
}
