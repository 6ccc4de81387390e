import { type Attestation, decodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { Hex } from "viem";
import { hexToBytes } from "viem/utils";
import type { z } from "zod";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { Committee } from "../committee/create-committee.ts";
import type { ReportProofs } from "../read/report-proofs.ts";
import { leavesShape, reportShape } from "../read/shapes.ts";
import type { AttestationStore } from "../store/attestation-store.ts";

/** A leaf that somebody says stands for a node in a report. */
export interface ServedLeaf {
  nodeIndex: number;
  attestation: Attestation;
  signature: Uint8Array;
}

/** Somebody who may have the leaves of a report. Nothing of what it gives is believed. */
export interface LeafSource {
  readonly name: string;
  /** True when its leaves were verified before they were stored. */
  readonly isVerified: boolean;
  /** @param signal Ends the wait for an answer. */
  leavesOf(report: AcceptedReport, signal: AbortSignal): Promise<ServedLeaf[]>;
  /** ML-DSA-65 signatures of members on the report, by seat. */
  signaturesOf(report: AcceptedReport, signal: AbortSignal): Promise<Map<number, Hex>>;
}

/** 512 leaves in hex, and some. */
const MAX_BYTES = 8 * 1024 * 1024;

/** What a relayer stores itself. */
export function ownLeaves(parts: {
  store: Pick<AttestationStore, "wireOf">;
  proofs: Pick<ReportProofs, "leavesOf">;
  committee: Pick<Committee, "reportOf">;
}): LeafSource {
  const { store, proofs, committee } = parts;
  return {
    name: "own store",
    isVerified: true,
    leavesOf(report) {
      const wires = proofs.leavesOf(report).map(({ nodeIndex, digest }) => {
        return { nodeIndex, wire: store.wireOf(report.epoch, nodeIndex, digest) };
      });
      return Promise.resolve(wires.flatMap(({ nodeIndex, wire }) => (wire ? [toLeaf(nodeIndex, wire)] : [])));
    },
    signaturesOf({ epoch, shard }) {
      const signatures = committee.reportOf(epoch, shard)?.signatures ?? [];
      return Promise.resolve(new Map(signatures.map(({ seat, mldsa }) => [seat, mldsa])));
    },
  };
}

/** What a relayer serves to everybody. @param url Its read API. */
export function servedLeaves(url: string): LeafSource {
  const get = async <Shape extends z.ZodType>(
    path: string,
    { shape, signal }: { shape: Shape; signal: AbortSignal },
  ): Promise<z.infer<Shape>> => {
    const response = await fetch(`${url}${path}`, { signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status} to ${path}`);
    return shape.parse(JSON.parse(await readText(response)));
  };
  return {
    name: url,
    isVerified: false,
    async leavesOf({ epoch, shard }, signal) {
      const { leaves } = await get(`/v1/reports/${epoch}/${shard}/leaves`, { shape: leavesShape, signal });
      return leaves.map(({ nodeIndex, wire }) => toLeaf(nodeIndex, hexToBytes(wire as Hex)));
    },
    async signaturesOf({ epoch, shard }, signal) {
      const { signatures } = await get(`/v1/reports/${epoch}/${shard}`, { shape: reportShape, signal });
      return new Map(signatures.map(({ seat, mldsa }) => [seat, mldsa as Hex]));
    },
  };
}

function toLeaf(nodeIndex: number, wire: Uint8Array): ServedLeaf {
  return { nodeIndex, ...decodeSignedAttestation(wire) };
}

/** @throws Error when the answer is longer than any honest one. */
async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
