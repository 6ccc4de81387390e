import type { DatabaseSync } from "node:sqlite";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Logger } from "pino";
import type { Address } from "viem";
import { isAddressEqual } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Route } from "../read/route.ts";
import type { Submitter } from "../submit/submitter.ts";
import { authorityRoutes } from "./authority-routes.ts";
import { CertificateIssuer } from "./certificate-issuer.ts";
import { CertificateRecorder } from "./certificate-recorder.ts";
import { CertificateStore } from "./certificate-store.ts";
import { chainDirectory } from "./chain-directory.ts";
import type { OpenedAuthority } from "./open-authority.ts";

/** What {@link startAuthority} needs. */
export interface AuthorityOptions {
  opened: OpenedAuthority;
  /** Opened with `AUTHORITY_MIGRATIONS`. */
  db: DatabaseSync;
  chain: ChainFollower;
  network: NetworkConfig;
  /** Knows the kind of `recordKind`; sends from the authority's account. */
  submitter: Submitter;
  log: Logger;
}

/** An authority at work. */
export interface RunningAuthority {
  routes: Route[];
  health(): { ok: boolean; reasons: string[] };
  stop(): Promise<void>;
}

/** Starts to issue for an authority; it goes on with what its store holds. */
export function startAuthority({ opened, db, chain, network, submitter, log }: AuthorityOptions): RunningAuthority {
  const { authority, config } = opened;
  const { authorityId, lifeDays, overlapHours, refused } = config;
  const { NodeRegistry: nodeRegistry, CertificateRegistry: registry } = network.contracts;
  const store = new CertificateStore(db);
  const records = chain.certificates;
  const issuer = new CertificateIssuer({
    ...{ authority, authorityId, records, store, account: submitter.address, lives: lifeDays, refused },
    directory: chainDirectory(chain, nodeRegistry),
    names: { nodeRegistry, hostsOf: (relayer) => hostsOf(chain, relayer) },
    nowMs: () => chain.nowMs(),
  });
  const recorder = new CertificateRecorder({
    ...{ records, store, submitter, authorityId, registry, log },
    events: chain.events,
    request: chain.request,
    overlapSeconds: overlapHours * 3_600,
    objection: (request) => issuer.objection(request),
    flaw: () => issuer.flaw(),
  });
  recorder.start();
  const { trustDomain, pem } = authority;
  return {
    routes: authorityRoutes({ issuer, store, records, authorityId, certificate: pem, trustDomain }),
    health: () => recorder.health(),
    async stop() {
      await recorder.stop();
      opened.close();
    },
  };
}

/** Host of the endpoint that a member published on chain. */
function hostsOf(chain: ChainFollower, relayer: Address): string[] {
  const members = [chain.newestCommittee(), chain.committeeAt(chain.currentEpoch())].flatMap(
    (committee) => committee?.members ?? [],
  );
  const endpoint = members.find(({ address }) => isAddressEqual(address, relayer))?.endpoint;
  if (endpoint === undefined || !URL.canParse(endpoint)) return [];
  return [new URL(endpoint).hostname.replace(/^\[(.*)\]$/, "$1")];
}
