import { certificateKindNumber } from "@pqmesh/contracts/protocol/certificate-kind";
import { type ActionDraft, DraftProblem } from "./action-draft.ts";
import { admissionTermsOf, type AuthorityTerms } from "./authority-templates.ts";
import type { AuthorityView } from "./certificate-view.ts";
import { formatTime } from "./format.ts";

const DAY = 86_400;

/** What a form for an authority below another begins with: all that the one above may give. */
export function subAuthorityDraft(parent: AuthorityView, now: number): ActionDraft["fields"] {
  return {
    term: `${Math.max(0, Math.floor((parent.notAfter - now) / DAY))} d`,
    kinds: parent.kinds.join(", "),
    pathLength: "0",
    identityFrom: String(parent.identityFrom),
    identityUntil: String(parent.identityUntil),
  };
}

/** Terms of an authority below another, within its limits. @throws DraftProblem naming a field that is wrong. */
export function subAuthorityTermsOf(fields: ActionDraft["fields"], parent: AuthorityView, now: number): AuthorityTerms {
  const terms = admissionTermsOf(fields, { trustDomain: parent.trustDomain, from: now });
  const name = `Authority ${parent.authorityId}`;
  const allowed = parent.kinds.reduce((bits, kind) => bits | (1 << certificateKindNumber(kind)), 0);
  const require = (isWithin: boolean, field: string, sentence: string): void => {
    if (!isWithin) throw new DraftProblem(field, sentence);
  };
  require(terms.notAfter <= parent.notAfter, "term", `${name} itself ends at ${formatTime(parent.notAfter)}.`);
  require((terms.kinds & ~allowed) === 0, "kinds", `${name} may issue for ${parent.kinds.join(", ")} only.`);
  require(terms.pathLength < parent.pathLength, "pathLength", `${name} allows at most ${parent.pathLength - 1}.`);
  require(terms.identityFrom >= parent.identityFrom, "identityFrom", `${name} begins with ${parent.identityFrom}.`);
  require(terms.identityUntil <= parent.identityUntil, "identityUntil", `${name} ends before ${parent.identityUntil}.`);
  return terms;
}
