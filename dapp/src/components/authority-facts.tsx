import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { authorityStanding, type AuthorityStanding, type AuthorityView } from "../lib/certificate-view.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { AUTHORITY_LOOKS } from "./issuer-chain.tsx";
import { Panel } from "./panel.tsx";

const SENTENCES: Readonly<Record<AuthorityStanding, string>> = {
  Good: "It issues within its limits, as long as every authority above it is good, too.",
  Tainted: "Its key may be in other hands: it issues nothing, and what it issued has to be replaced.",
  Held: "It is on hold: it issues nothing, and nothing below it is good until it is released.",
  Revoked: "It is revoked, which is for ever: nothing below it is good.",
  Expired: "Its last moment is past: nothing below it is good.",
};

/** An authority as the chain has it. */
export function AuthorityFacts({ authority }: { authority: AuthorityView }): ReactNode {
  const { seconds = 0 } = useChainTime();
  const standing = authorityStanding(authority, seconds);
  const [words, className] = AUTHORITY_LOOKS[standing];
  const { kinds, identityFrom, identityUntil, pathLength, notBefore, notAfter, taintedFrom, revokedAt } = authority;
  return (
    <Panel
      title="What it may do"
      hint={SENTENCES[standing]}
      actions={
        <span role="status" data-testid="authority-standing" className={`font-medium ${className}`}>
          {words}
        </span>
      }
    >
      <dl className="grid gap-4 sm:grid-cols-2">
        <Fact name="Issues for">{kinds.join(", ")}</Fact>
        <Fact name="Operators">
          {formatCount(identityFrom)} to {formatCount(identityUntil - 1)}, and their nodes
        </Fact>
        <Fact name="Admitted">{formatTime(notBefore)}</Fact>
        <Fact name="Until">{formatTime(notAfter)}</Fact>
        <Fact name="Levels below it">{pathLength === 0 ? "none" : pathLength}</Fact>
        {taintedFrom !== undefined && <Fact name="Tainted from">{formatTime(taintedFrom)}</Fact>}
        {revokedAt !== undefined && (
          <Fact name="Revoked from">
            {formatTime(revokedAt)} <span className="text-muted block text-sm">{reasonWords(authority.reason)}</span>
          </Fact>
        )}
        <Fact name="Account" wide>
          <Copyable value={authority.account} label="account of the authority" full />
        </Fact>
        <Fact name="Recovery key (SLH-DSA-SHA2-128s, offline)" wide>
          <Copyable value={authority.recoveryKey} label="recovery key" full />
        </Fact>
        <Fact name="SHA-256 of its X.509 certificate" wide>
          <Copyable value={authority.x509Hash} label="hash of the certificate" full />
        </Fact>
        <Fact name="Trust domain (keccak256)" wide>
          <Copyable value={authority.trustDomain} label="hash of the trust domain" full />
        </Fact>
      </dl>
    </Panel>
  );
}
