import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Address } from "viem";
import { getAddress } from "viem/utils";
import { z } from "zod";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { Problem } from "../service/problem.ts";
import type { CommitteeMetrics } from "./committee-metrics.ts";
import type { CommitteeStore } from "./committee-store.ts";
import type { LeafVault } from "./leaf-vault.ts";
import {
  epochQuerySchema,
  fetchSchema,
  type MemberSignatures,
  type Proposal,
  proposalSchema,
  reportToJson,
} from "./messages.ts";
import { ProposalRefused } from "./proposal-refused.ts";
import type { ProposalSigner } from "./proposal-signer.ts";
import type { OwnHeartbeats } from "./quality-panel.ts";

/** Relayer whose verified certificate came with a request; throws when there is none. */
export type RequestRelayer = (request: FastifyRequest) => Address;

/** What the committee's routes need. */
export interface CommitteeApiOptions {
  chain: ChainFollower;
  vault: LeafVault;
  heartbeats: OwnHeartbeats;
  signer: ProposalSigner;
  store: CommitteeStore;
  relayerOf: RequestRelayer;
  metrics: CommitteeMetrics;
  log: Logger;
}

/** HTTP status of refusals; the others are 422: understood, but not what this member sees. */
const REFUSAL_STATUS: Partial<Record<ProposalRefused["reason"], number>> = {
  "not-a-member": 403,
  "not-leader": 403,
  "bad-leader-signature": 403,
  "already-signed": 409,
  "already-reported": 409,
  "protected-epoch": 409,
  "protected-round": 409,
  "round-not-begun": 409,
  "epoch-closed": 409,
  "too-many-proposals": 429,
  "too-many-statements": 429,
};

/** Adds `/committee/…` to a server that other members reach by mutual TLS. Only members of an epoch's committee are answered. */
export function addCommitteeRoutes(app: FastifyInstance, options: CommitteeApiOptions): void {
  const { vault, heartbeats, store, chain } = options;
  const memberAsking = (request: FastifyRequest, epoch: bigint) => requireMember(options, request, epoch);

  app.get("/committee/leaves", (request) => {
    const place = parse(epochQuerySchema, request.query);
    memberAsking(request, place.epoch);
    return { leaves: vault.held(place) };
  });

  app.post("/committee/leaves/fetch", async (request, reply) => {
    const { nodeIndices, ...place } = parse(fetchSchema, request.body);
    memberAsking(request, place.epoch);
    const wires = Buffer.concat(vault.wires(place, nodeIndices));
    return reply.type("application/octet-stream").send(wires);
  });

  app.get("/committee/heartbeats", (request) => {
    const { epoch, shard } = parse(epochQuerySchema, request.query);
    memberAsking(request, epoch);
    return { nodes: heartbeats(epoch, shard) ?? [] };
  });

  app.post("/committee/propose", async (request) => {
    const { round, signatures, ...proposal } = parse(proposalSchema, request.body);
    const proposer = memberAsking(request, proposal.report.epoch);
    if (round !== proposal.report.round) {
      throw new Problem(400, "bad-request", `round is ${round}, the report says ${proposal.report.round}`);
    }
    return sign(options, proposal, { proposer, signatures });
  });

  app.get("/committee/report", (request) => {
    const { epoch, shard } = parse(epochQuerySchema, request.query);
    memberAsking(request, epoch);
    const accepted = chain.acceptedReport(shard, epoch);
    const signed = accepted && store.signedReport(accepted.digest);
    if (!signed) throw new Problem(404, "not-found", `report of epoch ${epoch} and shard ${shard} is not held`);
    return { ...signed, report: reportToJson(signed.report) };
  });
}

async function sign(
  { signer, metrics, log }: CommitteeApiOptions,
  proposal: Proposal,
  led: { proposer: Address; signatures: MemberSignatures },
): ReturnType<ProposalSigner["sign"]> {
  try {
    const signatures = await signer.sign(proposal, led);
    metrics.proposalsSigned.inc();
    return signatures;
  } catch (error) {
    if (!(error instanceof ProposalRefused)) throw error;
    const { epoch, round } = proposal.report;
    metrics.proposalsRefused.inc({ reason: error.reason });
    log.warn({ proposer: led.proposer, epoch: epoch.toString(), round, reason: error.reason }, error.message);
    throw new Problem(REFUSAL_STATUS[error.reason] ?? 422, error.reason, error.message);
  }
}

function requireMember({ chain, relayerOf }: CommitteeApiOptions, request: FastifyRequest, epoch: bigint): Address {
  const relayer = getAddress(relayerOf(request));
  const members = chain.committeeAt(epoch)?.members ?? [];
  if (members.some(({ address }) => address === relayer)) return relayer;
  throw new Problem(403, "not-a-member", `${relayer} has no seat in the committee of epoch ${epoch}`);
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem(400, "bad-request", z.prettifyError(parsed.error));
}
