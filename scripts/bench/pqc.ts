/** Gas of post-quantum signature verification on chain: `npm run bench:pqc`. */
import { generateKeyPairSync, sign } from "node:crypto";

import { hexlify } from "ethers";
import hre from "hardhat";

import { deployPqVerifiers } from "../hardhat/pq-verifiers.ts";
import type { Algorithm, Path, PqVerifiers, SignatureCase } from "../hardhat/pq-verifiers.ts";
import { measureDisputes } from "./disputes/measure-disputes.ts";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";

/** EIP-7825: the most a transaction may use. */
const TRANSACTION_GAS_CAP = 16_777_216;
/** Bytes of a signed message: a digest, as everything that is signed in the mesh. */
const MESSAGE_BYTES = 32;
/** Keys with which disputes are measured; the figure is that of the dearest one. */
const DISPUTE_KEYS = 8;
const PUBLIC_KEY_BYTES = { "ml-dsa-65": 1952, "slh-dsa-sha2-128s": 32 } as const;

/** What one operation must cost at most, should cost at most, and costs elsewhere. */
interface Target {
  label: string;
  must: number;
  goal: number;
  bestPublic: string;
}

const TARGETS = {
  raw: { label: "ML-DSA-65, raw key", must: 5_000_000, goal: 4_000_000, bestPublic: "9.15 M" },
  registered: { label: "ML-DSA-65, registered key", must: 1_800_000, goal: 1_350_000, bestPublic: "3.68 M" },
  registration: { label: "ML-DSA-65, key registration", must: 11_000_000, goal: 8_500_000, bestPublic: "13.97 M" },
  proveInvalid: { label: "proveInvalid, whole transaction", must: 5_500_000, goal: 4_300_000, bestPublic: "none" },
  respond: { label: "respond, whole transaction", must: 250_000, goal: 180_000, bestPublic: "none" },
  selfAttest: {
    label: "selfAttest of 100 epochs, whole transaction",
    must: 6_500_000,
    goal: 5_000_000,
    bestPublic: "none",
  },
  slhDsa: { label: "SLH-DSA-SHA2-128s", must: 680_000, goal: 620_000, bestPublic: "none" },
} satisfies Record<string, Target>;

interface Figures {
  mean: number;
  max: number;
}

function signedCase(algorithm: Algorithm, index: number): SignatureCase {
  const { publicKey, privateKey } =
    algorithm === "ml-dsa-65" ? generateKeyPairSync("ml-dsa-65") : generateKeyPairSync("slh-dsa-sha2-128s");
  const message = Buffer.alloc(MESSAGE_BYTES, index);
  return {
    pk: hexlify(publicKey.export({ format: "der", type: "spki" }).subarray(-PUBLIC_KEY_BYTES[algorithm])),
    message: hexlify(message),
    context: "0x",
    signature: hexlify(sign(null, message, privateKey)),
  };
}

function figuresOf(values: readonly number[]): Figures {
  const sum = values.reduce((a, b) => a + b, 0);
  return { mean: Math.round(sum / values.length), max: Math.max(...values) };
}

async function measure(
  verifiers: PqVerifiers,
  algorithm: Algorithm,
  path: Path,
  cases: SignatureCase[],
): Promise<Figures> {
  const gas: number[] = [];
  for (const c of cases) {
    const verdict = await verifiers.verify(algorithm, path, c);
    if (!verdict.valid) throw new Error(`${algorithm} by the ${path} path refuses a valid signature`);
    gas.push(verdict.gas);
  }
  return figuresOf(gas);
}

function rowOf({ label, must, goal, bestPublic }: Target, value: number): BenchRow {
  const limit = `<= ${must.toLocaleString("en")}, goal ${goal.toLocaleString("en")}; best public ${bestPublic}`;
  return { label, value, unit: "gas", limit, ok: value <= must };
}

function rowsOf(target: Target, { mean, max }: Figures): BenchRow[] {
  return [rowOf(target, mean), { label: `${target.label}, largest sample`, value: max, unit: "gas" }];
}

async function run({ samples = "" }: Record<string, string>): Promise<BenchResult> {
  const count = Number(samples);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--samples is ${samples}, it must be a positive integer`);
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const connection = await hre.network.create("default");
  const verifiers = await deployPqVerifiers(connection);

  const mlDsa = Array.from({ length: count }, (_, i) => signedCase("ml-dsa-65", i));
  const slhDsa = Array.from({ length: count }, (_, i) => signedCase("slh-dsa-sha2-128s", i));
  const raw = await measure(verifiers, "ml-dsa-65", "raw", mlDsa);
  const registrations: number[] = [];
  for (const { pk } of mlDsa) registrations.push(await verifiers.register(pk));
  const registration = figuresOf(registrations);
  const registered = await measure(verifiers, "ml-dsa-65", "registered", mlDsa);
  const slh = await measure(verifiers, "slh-dsa-sha2-128s", "raw", slhDsa);
  await connection.close();
  const disputes = await measureDisputes(DISPUTE_KEYS);

  if (registration.max > TRANSACTION_GAS_CAP) throw new Error("a key registration does not fit one transaction");
  return {
    rows: [
      ...rowsOf(TARGETS.raw, raw),
      ...rowsOf(TARGETS.registered, registered),
      ...rowsOf(TARGETS.registration, registration),
      ...rowsOf(TARGETS.slhDsa, slh),
      rowOf(TARGETS.proveInvalid, disputes.proveInvalid),
      { label: "the same with a registered key", value: disputes.proveInvalidRegistered, unit: "gas" },
      rowOf(TARGETS.respond, disputes.respond),
      { label: "challenge, whole transaction", value: disputes.challenge, unit: "gas" },
      rowOf(TARGETS.selfAttest, disputes.selfAttest100),
      { label: "the same with a registered key", value: disputes.selfAttest100Registered, unit: "gas" },
    ],
    metrics: {
      mldsa65_raw_gas: raw.mean,
      mldsa65_raw_gas_max: raw.max,
      mldsa65_registered_gas: registered.mean,
      mldsa65_registered_gas_max: registered.max,
      mldsa65_registration_gas: registration.mean,
      slhdsa128s_gas: slh.mean,
      slhdsa128s_gas_max: slh.max,
      prove_invalid_tx_gas: disputes.proveInvalid,
      respond_tx_gas: disputes.respond,
      self_attest_100_tx_gas: disputes.selfAttest100,
    },
    notes: [
      `Means over ${count} keys made by OpenSSL, messages of ${MESSAGE_BYTES} bytes, no context. Verification is gas of the call`,
      "alone, a registration is the whole transaction. Upper bounds: contracts/pqc/README.md. Disputes: a committee of four,",
      `the dearest of ${DISPUTE_KEYS} raw keys; a forged leaf with a sound signature of another key, a silenced node in 100`,
      "reports that name it absent.",
    ],
  };
}

await runBench({
  name: "pqc",
  title: "Gas of post-quantum signature verification on chain",
  options: { samples: { type: "string", default: "16", description: "keys of each algorithm" } },
  run,
});
