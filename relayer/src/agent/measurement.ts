import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Hex } from "viem";

const RELAYER = path.resolve(import.meta.dirname, "../..");
const PROTOCOL = path.resolve(RELAYER, "../contracts/protocol");
const PARTS = ["agent", "chain", "keystore", "pki", "service", "session", "store", "transport"];
const FILES = ["instance-lock.ts", "version.ts"];

/**
 * Measurement of this agent build: SHA-256 over name and SHA-256 of every source file that an agent runs, sorted by name.
 * Self-declared: it tells honest operators' builds apart, it is no remote attestation.
 */
export function measureBuild(): Hex {
  const own = PARTS.flatMap((part) => sources(path.join(RELAYER, "src", part)));
  const files = [...own, ...FILES.map((name) => path.join(RELAYER, "src", name)), ...sources(PROTOCOL)];
  const total = createHash("sha256");
  for (const file of files.sort()) {
    const name = path.relative(path.dirname(RELAYER), file).split(path.sep).join("/");
    total.update(`${name} ${createHash("sha256").update(readFileSync(file)).digest("hex")}\n`);
  }
  return `0x${total.digest("hex")}`;
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.join(directory, name));
}
