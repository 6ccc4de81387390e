import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useIssuers } from "../hooks/use-certificate-queries.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { type AuthorityStanding, authorityStanding, type AuthorityView } from "../lib/certificate-view.ts";
import { formatTime } from "../lib/format.ts";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Words and colour of a standing. */
export const AUTHORITY_LOOKS: Readonly<Record<AuthorityStanding, readonly [words: string, className: string]>> = {
  Good: ["Good", "text-ok"],
  Tainted: ["Tainted", "text-warn"],
  Held: ["On hold", "text-warn"],
  Revoked: ["Revoked", "text-bad"],
  Expired: ["Expired", "text-off"],
};

/** Authorities above a certificate, up to the root that the DAO admitted. */
export function IssuerChain({ authorityId }: { authorityId: number }): ReactNode {
  const issuers = useIssuers(authorityId);
  return (
    <Panel title="Issuers" hint="Every one of them must be good, up to the root that the DAO admitted">
      <QueryView query={issuers}>
        {(chain) => (
          <ol className="grid gap-3">
            {chain.map((authority) => (
              <AuthorityRow key={authority.authorityId} {...{ authority }} />
            ))}
          </ol>
        )}
      </QueryView>
    </Panel>
  );
}

/** An authority with its standing. */
export function AuthorityRow({ authority }: { authority: AuthorityView }): ReactNode {
  const { seconds = 0 } = useChainTime();
  const { authorityId, parent, account, kinds, notAfter, taintedFrom, revokedAt, reason } = authority;
  const standing = authorityStanding(authority, seconds);
  const [words, className] = AUTHORITY_LOOKS[standing];
  return (
    <li className="bg-well grid gap-1 rounded-lg p-3" data-authority={authorityId} data-standing={standing}>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <span className="font-medium">
          <Link className="link" to={`/authorities/${authorityId}`}>
            Authority {authorityId}
          </Link>
          <span className="text-muted font-normal"> · {parent === 0 ? "root" : `below authority ${parent}`}</span>
        </span>
        <span className={`font-medium ${className}`}>{words}</span>
      </div>
      <p className="text-muted text-sm">
        Issues for {kinds.join(", ")} until {formatTime(notAfter)} by <Copyable value={account} label="its account" />
      </p>
      {taintedFrom !== undefined && (
        <p className="text-warn text-sm">What it issued since {formatTime(taintedFrom)} is not good.</p>
      )}
      {revokedAt !== undefined && (
        <p className="text-bad text-sm">
          Revoked from {formatTime(revokedAt)} on: {reasonWords(reason)}.
        </p>
      )}
    </li>
  );
}
