/**
 * Writes the test vectors that Solidity and TypeScript must both satisfy: `test/protocol/vectors/*.json`, from the
 * protocol code. Integers are decimal texts, bytes are hex. `--check` compares instead of writing and ends with status 1
 * when a file is not current.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import {
  AttestationHasher,
  encodeAttestation,
  encodeSignedAttestation,
  hashAttestation,
  SIGNATURE_BYTES,
} from "@pqmesh/contracts/protocol/attestation";
import { formatDid } from "@pqmesh/contracts/protocol/did";
import { type StatementDomain, statementTypes } from "@pqmesh/contracts/protocol/eip712";
import { attestationLeaf, ReceiptTree, ReportTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import {
  decodeIndexList,
  encodeIndexList,
  hashReceipt,
  hashReport,
  leaderSeat,
  quorumOf,
  type Report,
  shardOf,
} from "@pqmesh/contracts/protocol/report";
import {
  hashRootOrder,
  ROOT_OPERATIONS,
  type RootOrder,
  rootOrder,
  rootOrderArgument,
} from "@pqmesh/contracts/protocol/root-order";
import { bytesToHex, type Hex, hexToBytes, keccak256, maxUint256, stringToBytes, zeroAddress, zeroHash } from "viem";
import { trustScoreVectors } from "./trust-score-vectors.ts";

const folder = resolve(import.meta.dirname, "../../test/protocol/vectors");

/** The devnet's first contract, and the ends of what a domain can be. */
const domains: StatementDomain[] = [
  { chainId: 31337, bridge: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
  { chainId: 1, bridge: "0x0000000000000000000000000000000000001001" },
  { chainId: Number.MAX_SAFE_INTEGER, bridge: "0xFFfFfFffFFfffFFfFFfFFFFFffFFFffffFfFFFfF" },
];
const devnet = domains[0]!;

type Statement = keyof typeof statementTypes;

/** Pseudo-random bytes that are the same in every run. */
function seeded(label: string, length = 32): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    hexToBytes(keccak256(stringToBytes(`${label} ${i}`))),
  );
  return Uint8Array.from(blocks.flatMap((block) => [...block])).slice(0, length);
}

const seededHex = (label: string, length?: number): Hex => bytesToHex(seeded(label, length));

function bitsOf(type: string): number {
  return type === "bytes32" ? 256 : Number(type.slice("uint".length));
}

/** Value of a field by its EIP-712 type; integers of at most 32 bits are numbers in the protocol code. */
function valueOf(type: string, value: bigint): bigint | number | Hex {
  if (type === "bytes") return value === 0n ? "0x" : `0x${"ff".repeat(SHARD_SIZE)}`;
  if (type === "bytes32") return `0x${value.toString(16).padStart(64, "0")}`;
  return bitsOf(type) <= 32 ? Number(value) : value;
}

const largest = (type: string): bigint => (type === "bytes" ? 1n : (1n << BigInt(bitsOf(type))) - 1n);

/** A statement with every field zero, except those named, which have the largest value of their type. */
function extreme(statement: Statement, atMost: (field: string) => boolean): Record<string, unknown> {
  const fields = statementTypes[statement].map(({ name, type }) => {
    return [name, valueOf(type, atMost(name) ? largest(type) : 0n)] as const;
  });
  return Object.fromEntries(fields);
}

/** All zero, all at their largest value, and each field alone at its largest value. */
function extremes(statement: Statement): [name: string, message: Record<string, unknown>][] {
  const names = statementTypes[statement].map(({ name }) => name);
  return [
    ["all zero", extreme(statement, () => false)],
    ["all largest", extreme(statement, () => true)],
    ...names.map((name): [string, Record<string, unknown>] => [
      `${name} largest`,
      extreme(statement, (field) => field === name),
    ]),
  ];
}

const typicalAttestation: Attestation = {
  nodeIndex: 513,
  epoch: 29_500_000n,
  sequence: 7_201n,
  beacon: seededHex("beacon"),
  measurement: seededHex("measurement"),
  previous: seededHex("previous"),
  shares: 0x2710_0000_1388_09c4_0001_2710n,
  cpuLoadBp: 3_127,
  memoryUsedBp: 5_501,
  storageUsedBp: 9_999,
  heartbeats: 12,
  latencyMicros: 1_834,
  space: 2n ** 41n,
  stake: 10_000n * 10n ** 18n,
  work: 86_400_123n,
  time: 604_800n,
};

function attestationVectors(): object {
  const messages: [string, Record<string, unknown>][] = [
    ["typical", { ...typicalAttestation }],
    ...extremes("Attestation"),
  ];
  const cases = messages.map(([name, message]) => {
    const attestation = message as unknown as Attestation;
    const wire = bytesToHex(encodeAttestation(attestation));
    return { name, domain: devnet, attestation, wire, digest: hashAttestation(devnet, attestation) };
  });
  const elsewhere = domains.slice(1).map((domain) => ({
    ...cases[0],
    name: `typical on chain ${domain.chainId}`,
    domain,
    digest: hashAttestation(domain, typicalAttestation),
  }));
  const signature = seeded("signature", SIGNATURE_BYTES);
  const wire = encodeSignedAttestation({ attestation: typicalAttestation, signature });
  const digest = bytesToHex(new AttestationHasher(devnet).digest(wire));
  return {
    cases: [...cases, ...elsewhere],
    signed: { domain: devnet, attestation: typicalAttestation, signature, wire, digest },
  };
}

const range = (from: number, until: number): number[] => Array.from({ length: until - from }, (_, i) => from + i);

const typicalReport: Report = {
  epoch: 29_500_000n,
  shard: 3,
  round: 1,
  committeeVersion: 12,
  beaconBlock: 21_000_000n,
  beacon: seededHex("beacon"),
  root: seededHex("root"),
  absent: encodeIndexList([0, 17, 511]),
  degraded: encodeIndexList([1, 256]),
  quality: seededHex("quality", SHARD_SIZE),
};

function reportVectors(): object {
  const variants: [string, Partial<Report>][] = [
    ["typical", {}],
    ["no lists", { absent: "0x", degraded: "0x", quality: "0x" }],
    ["one byte of quality", { quality: "0x80" }],
    ["64 absent", { absent: encodeIndexList(range(0, 64)) }],
    [
      "65 absent and 65 degraded",
      { absent: encodeIndexList(range(0, 65)), degraded: encodeIndexList(range(447, 512)) },
    ],
    ["all absent", { absent: encodeIndexList(range(0, SHARD_SIZE)) }],
  ];
  const messages: [string, Report][] = [
    ...variants.map(([name, change]): [string, Report] => [name, { ...typicalReport, ...change }]),
    ...extremes("Report").map(([name, message]): [string, Report] => [name, message as unknown as Report]),
  ];
  const lists = [[], [0], [511], [255, 256], range(0, 64), range(447, 512), range(0, SHARD_SIZE)];
  return {
    cases: [
      ...messages.map(([name, report]) => ({ name, domain: devnet, report, digest: hashReport(devnet, report) })),
      ...domains.slice(1).map((domain) => ({
        name: `typical on chain ${domain.chainId}`,
        domain,
        report: typicalReport,
        digest: hashReport(domain, typicalReport),
      })),
    ],
    indexLists: lists.map((indices) => ({ indices, list: encodeIndexList(indices) })),
    invalidIndexLists: (["0x00", "0x000102", "0x0200", "0xffff", "0x00050005", "0x00050004"] as Hex[]).filter(
      isInvalidList,
    ),
    quorums: range(1, 101).map((seats) => ({ seats, quorum: quorumOf(seats) })),
    leaders: [0n, 1n, 2n ** 64n - 1n].flatMap((epoch) =>
      [0, 7].map((round) => ({ epoch, shard: 2, round, seats: 7, seat: leaderSeat(epoch, 2, round, 7) })),
    ),
    shards: [0, 511, 512, 1023, 1024, 2 ** 32 - 1].map((nodeIndex) => ({ nodeIndex, shard: shardOf(nodeIndex) })),
  };
}

function isInvalidList(list: Hex): boolean {
  try {
    decodeIndexList(list);
  } catch {
    return true;
  }
  throw new Error(`the index list ${list} is valid`);
}

function receiptVectors(): object {
  const messages: [string, { epoch: bigint; root: Hex }][] = [
    ["typical", { epoch: 29_500_000n, root: seededHex("receipt root") }],
    ...extremes("Receipt").map(([name, message]) => [name, message] as [string, { epoch: bigint; root: Hex }]),
  ];
  const trees = [1, 2, 3, 4, 5, 7, 8, 9, 33].map((size) => {
    const digests = range(0, size).map((i) => seeded(`digest ${i}`));
    const tree = new ReceiptTree(digests);
    return { size, digests, root: tree.root, paths: digests.map((_, index) => tree.path(index)) };
  });
  return {
    cases: domains.flatMap((domain) =>
      messages.map(([name, receipt]) => ({ name, domain, receipt, digest: hashReceipt(domain, receipt) })),
    ),
    trees,
  };
}

function leafVectors(): object {
  const leaves = [0, 1, 255, 256, 511, 512, 1023, 2 ** 32 - 1].map((nodeIndex) => {
    const signature = seeded(`signature ${nodeIndex}`, 64);
    const attestationHash = seededHex(`attestation ${nodeIndex}`);
    const leaf = attestationLeaf(nodeIndex, attestationHash, signature);
    return { nodeIndex, attestationHash, signature, signatureHash: keccak256(signature), leaf };
  });
  const shards = [
    { name: "empty shard", nodes: [] },
    { name: "first node of shard 0", nodes: [0] },
    { name: "edges of shard 0", nodes: [0, 1, 255, 256, 511] },
    { name: "edges of shard 1", nodes: [512, 1023] },
    { name: "last node there can be", nodes: [2 ** 32 - 1] },
  ];
  const trees = shards.map(({ name, nodes }) => {
    const members = leaves.filter(({ nodeIndex }) => nodes.includes(nodeIndex));
    const tree = new ReportTree(new Map(members.map(({ nodeIndex, leaf }) => [nodeIndex % SHARD_SIZE, leaf])));
    const proofs = members.map(({ nodeIndex, leaf }) => ({
      nodeIndex,
      leaf,
      proof: tree.proof(nodeIndex % SHARD_SIZE),
    }));
    return { name, root: tree.root, emptyProof: tree.proof(2), proofs };
  });
  return { leaves, trees };
}

function didVectors(): object {
  const registry = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
  const lower = registry.toLowerCase();
  const dids = [
    { chainId: 31337, registry, nodeIndex: 0 },
    { chainId: 1, registry: "0x0000000000000000000000000000000000000001" as Hex, nodeIndex: 512 },
    { chainId: Number.MAX_SAFE_INTEGER, registry, nodeIndex: 2 ** 32 - 1 },
  ] as const;
  return {
    cases: dids.map((did) => ({ ...did, did: formatDid(did) })),
    invalid: [
      "",
      "did:pqmesh",
      `did:other:1:${lower}:0`,
      `did:pqmesh:0:${lower}:0`,
      `did:pqmesh:01:${lower}:0`,
      `did:pqmesh:1:${registry}:0`,
      `did:pqmesh:1:${lower.slice(0, -1)}:0`,
      `did:pqmesh:1:${lower}:00`,
      `did:pqmesh:1:${lower}:-1`,
      `did:pqmesh:1:${lower}:4294967296`,
      `did:pqmesh:1:${lower}:0 `,
      `did:pqmesh:1:${lower}:0:0`,
      `DID:pqmesh:1:${lower}:0`,
    ],
  };
}

/** A raw ML-DSA-65 key whose coefficient number i of t1 is `coefficient(i)`, below 1,024. */
function mlDsaKeyOf(coefficient: (i: number) => number): Uint8Array {
  const t1 = Array.from({ length: 384 }, (_, group) => {
    const four = [0, 1, 2, 3].map((i) => BigInt(coefficient(4 * group + i)) << BigInt(10 * i));
    const bits = four.reduce((all, one) => all | one, 0n);
    return [0n, 8n, 16n, 24n, 32n].map((shift) => Number((bits >> shift) & 0xffn));
  });
  return Uint8Array.from([...seeded("rho"), ...t1.flat()]);
}

function mlDsaKeyVectors(): object {
  const coefficients: Record<string, (i: number) => number> = {
    "all 0": () => 0,
    "all 63": () => 63,
    "all 64": () => 64,
    "all 959": () => 959,
    "all 960": () => 960,
    "all 1023": () => 1023,
    "0 and 1023 in turns": (i) => (i % 2) * 1023,
    "767 large, at the front": (i) => (i < 767 ? 512 : 0),
    "768 large, at the front": (i) => (i < 768 ? 512 : 0),
    "767 large, at the back": (i) => (i >= 1536 - 767 ? 64 : 1023),
    "768 large, every second": (i) => (i % 2 ? 959 : 63),
  };
  for (let place = 0; place < 4; place += 1) {
    coefficients[`768 large, two of every four from place ${place} on`] = (i) =>
      i % 4 === place || i % 4 === (place + 1) % 4 ? 100 : 1000;
  }
  const keys = Object.entries(coefficients).map(([name, coefficient]) => ({ name, key: mlDsaKeyOf(coefficient) }));
  keys.push({ name: "pseudo-random", key: seeded("attestation key", 1952) });
  keys.push({ name: "one byte short", key: seeded("attestation key", 1951) });
  keys.push({ name: "one byte long", key: seeded("attestation key", 1953) });
  keys.push({ name: "empty", key: new Uint8Array() });
  return { cases: keys.map(({ name, key }) => ({ name, key, degenerate: isDegenerateMlDsaKey(key) })) };
}

/** Every operation with what it uses, and each field alone at its largest value. */
function rootOrderVectors(): object {
  const deadline = 4_000_000_000n;
  const typical = {
    recipient: domains[0]!.bridge,
    amount: 10n ** 22n,
    newRootKey: seededHex("root key"),
    nodeIndex: 513,
  };
  const empty = { recipient: zeroAddress, amount: 0n, newRootKey: zeroHash, nodeIndex: 0 };
  const largest: Partial<RootOrder>[] = [
    { identityId: 2 ** 32 - 1 },
    { nodeIndex: 2 ** 32 - 1 },
    { recipient: "0xFFfFfFffFFfffFFfFFfFFFFFffFFFffffFfFFFfF" },
    { amount: maxUint256 },
    { newRootKey: `0x${"ff".repeat(32)}` },
    { deadline: 2n ** 64n - 1n },
  ];
  const base = { identityId: 7, deadline, ...empty };
  const orders: [string, RootOrder, number][] = [
    ...ROOT_OPERATIONS.map((operation, nonce): [string, RootOrder, number] => {
      return [operation, rootOrder(operation, { ...base, ...typical }), nonce];
    }),
    ...largest.map((field): [string, RootOrder, number] => {
      return [`${Object.keys(field)[0]} largest`, rootOrder("Lock", { ...base, ...field }), 0];
    }),
    ["nonce largest", rootOrder("Lock", base), 2 ** 32 - 1],
  ];
  return {
    cases: domains.flatMap(({ chainId, bridge: registry }) =>
      orders.map(([name, order, nonce]) => {
        const digest = hashRootOrder({ chainId, registry }, order, nonce);
        return { name, domain: { chainId, registry }, order: rootOrderArgument(order), nonce, digest };
      }),
    ),
  };
}

/** Text of every vector file by its name. */
function renderAll(): Map<string, string> {
  const vectors = {
    attestation: attestationVectors(),
    report: reportVectors(),
    receipt: receiptVectors(),
    leaf: leafVectors(),
    did: didVectors(),
    "ml-dsa-key": mlDsaKeyVectors(),
    "root-order": rootOrderVectors(),
    "trust-score": trustScoreVectors(),
  };
  const toJson = (_: string, value: unknown): unknown => {
    if (typeof value === "bigint" || typeof value === "number") return String(value);
    return value instanceof Uint8Array ? bytesToHex(value) : value;
  };
  const texts = Object.entries(vectors).map(([name, content]): [string, string] => [
    `${name}.json`,
    `${JSON.stringify(content, toJson, 2)}\n`,
  ]);
  return new Map(texts);
}

const texts = renderAll();
const read = (file: string): string => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "");
const changed = [...texts].filter(([file, text]) => read(file) !== text);

if (process.argv.includes("--check")) {
  for (const [file] of changed)
    console.error(`test/protocol/vectors/${file} is not current: node scripts/generate/vectors.ts`);
  if (changed.length > 0) process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of changed) writeFileSync(join(folder, file), text);
  console.log(`${texts.size} files, ${changed.length} changed`);
}
