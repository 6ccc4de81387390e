import { expect } from "chai";
import { revokeCertificatePlan } from "../../../dapp/src/flows/revoke-certificate.ts";
import type { CertificateView } from "../../../dapp/src/lib/certificate-view.ts";
import type { ContractCall, TransactionPlan } from "../../../dapp/src/lib/transaction-plan.ts";
import { CONTRACTS } from "../support/draft-fixtures.ts";

const registry = CONTRACTS.CertificateRegistry;
const REASON = 1;

const certificate = (serial: bigint): CertificateView => ({
  ...{ serial, authorityId: 1, kind: "node", subject: 4n, x509Hash: "0x01", status: "Good", held: false, reason: 0 },
  ...{ issuedAt: 1_800_000_000, notBefore: 1_800_000_000, notAfter: 1_804_000_000 },
});

const planOf = (replaced: readonly bigint[]): TransactionPlan => {
  const ended = replaced.map(certificate);
  return revokeCertificatePlan({
    registry,
    certificate: certificate(7n),
    replaced: ended,
    reason: REASON,
    effects: [],
  });
};

const callOf = ({ steps: [step] }: TransactionPlan): ContractCall => {
  if (step?.kind !== "call") throw new Error("the plan does not begin with a call");
  return step.call([]);
};

describe("revoking a certificate", () => {
  it("is one call for it alone", () => {
    const plan = planOf([]);
    expect(callOf(plan)).to.deep.include({ functionName: "revoke", args: [7n, REASON] });
    expect(plan.facts[0], "no address").to.deep.equal({ label: "Serial number", value: "0x07", verbatim: true });
  });

  it("ends what it replaced in the same call, and says so", () => {
    const plan = planOf([6n, 5n]);
    expect(callOf(plan)).to.deep.include({ functionName: "revokeMany", args: [[7n, 6n, 5n], REASON] });
    const ended = plan.facts.filter(({ label }) => label === "With it").map(({ value }) => value);
    expect(ended).to.deep.equal(["0x06, which it replaced", "0x05, which it replaced"]);
  });
});
