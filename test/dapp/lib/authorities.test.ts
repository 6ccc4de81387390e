import { expect } from "chai";
import { keccak256 } from "viem";
import { draftReading } from "../../../dapp/src/lib/action-draft.ts";
import { readSigner } from "../../../dapp/src/lib/authority-delegates.ts";
import { authorityRole, withinAuthority } from "../../../dapp/src/lib/authority-role.ts";
import type { AuthorityView } from "../../../dapp/src/lib/certificate-view.ts";
import { subAuthorityDraft, subAuthorityTermsOf } from "../../../dapp/src/lib/sub-authority.ts";
import { readTaint } from "../../../dapp/src/lib/taint-draft.ts";
import { makeAuthority } from "../support/certified-network.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const [ROOT, BELOW] = [`0x${"1A".repeat(20)}`, `0x${"2b".repeat(20)}`] as const;

const authority = (changes: Partial<AuthorityView>): AuthorityView => ({
  ...{ authorityId: 1, parent: 0, depth: 1, account: ROOT, recoveryKey: "0x01", trustDomain: keccak256("0x05") },
  ...{ x509Hash: "0x02", notBefore: NOW - DAY, notAfter: NOW + 100 * DAY, pathLength: 1, kinds: ["operator", "node"] },
  ...{ identityFrom: 5, identityUntil: 50, reason: 0, held: false, ...changes },
});

describe("what a wallet is to an authority", () => {
  const path = [authority({ authorityId: 2, parent: 1, account: BELOW }), authority({})];

  it("is its account, one above, or a stranger", () => {
    expect(authorityRole(path, BELOW.toLowerCase() as typeof BELOW)).to.deep.equal({ isAccount: true, isAbove: false });
    expect(authorityRole(path, ROOT)).to.deep.equal({ isAccount: false, isAbove: true });
    expect(authorityRole(path, `0x${"03".repeat(20)}`)).to.deep.equal({ isAccount: false, isAbove: false });
    expect(authorityRole(path, undefined)).to.deep.equal({ isAccount: false, isAbove: false });
  });

  it("reaches everything below", () => {
    const family = [1, 2, 3, 4].map((authorityId) => authority({ authorityId, parent: [0, 0, 1, 2, 1][authorityId]! }));
    expect(withinAuthority(family, 1).sort()).to.deep.equal([1, 2, 3, 4]);
    expect(withinAuthority(family, 2)).to.deep.equal([2, 3]);
  });
});

describe("terms of an authority below another", () => {
  let fields: Readonly<Record<string, string>>;
  const problemOf = (changes: Readonly<Record<string, string>>): string | undefined => {
    const { problem } = draftReading(() => subAuthorityTermsOf({ ...fields, ...changes }, authority({}), NOW));
    return problem && `${problem.field}: ${problem.message}`;
  };

  before(async () => {
    const given = { account: BELOW, recoveryKey: keccak256("0x06"), certificate: (await makeAuthority()).pem };
    fields = { ...subAuthorityDraft(authority({}), NOW), ...given };
  });

  it("begin with all that the one above may give", () => {
    const terms = subAuthorityTermsOf(fields, authority({}), NOW);
    expect(terms).to.include({ notAfter: NOW + 100 * DAY, kinds: 0b110, pathLength: 0, identityFrom: 5 });
    expect(terms).to.include({ identityUntil: 50, trustDomain: keccak256("0x05") });
  });

  it("go no further than that", () => {
    expect(problemOf({ term: "101 d" })).to.include("term: Authority 1 itself ends at");
    expect(problemOf({ kinds: "node, voter" })).to.equal("kinds: Authority 1 may issue for operator, node only.");
    expect(problemOf({ pathLength: "1" })).to.equal("pathLength: Authority 1 allows at most 0.");
    expect(problemOf({ identityFrom: "4" })).to.equal("identityFrom: Authority 1 begins with 5.");
    expect(problemOf({ identityUntil: "51" })).to.equal("identityUntil: Authority 1 ends before 50.");
    expect(problemOf({ recoveryKey: "0x12" })).to.include("recoveryKey: Enter 32 bytes");
    expect(problemOf({})).to.equal(undefined);
  });
});

describe("dates of a taint", () => {
  const read = (ago: string, rest: string, changes: Partial<AuthorityView> = {}) =>
    draftReading(() => readTaint({ ago, rest }, authority(changes), NOW));

  it("count from now", () => {
    expect(read("2 d", "7 d").value).to.deep.equal({ from: NOW - 2 * DAY, rotateBy: NOW + 7 * DAY });
    expect(read("2 d", "5 min").problem).to.include({ field: "rest" });
    expect(read("soon", "7 d").problem).to.include({ field: "ago" });
  });

  it("only move earlier", () => {
    const tainted = { taintedFrom: NOW - DAY, revokedAt: NOW + 3 * DAY };
    expect(read("1 h", "2 d", tainted).problem).to.include({ field: "ago" });
    expect(read("2 d", "4 d", tainted).problem).to.include({ field: "rest" });
    expect(read("2 d", "2 d", tainted).problem).to.equal(undefined);
  });
});

describe("a signer that is named a delegate", () => {
  it("is an address, or a verifier and its key", () => {
    expect(readSigner(` ${ROOT} `)).to.deep.equal({ signer: ROOT.toLowerCase() });
    expect(readSigner(`${ROOT}1234`)).to.deep.equal({ signer: `${ROOT.toLowerCase()}1234` });
    expect(readSigner(ROOT.slice(0, -2)))
      .to.have.property("problem")
      .that.includes("It has 19 bytes");
    expect(readSigner(`0x${"00".repeat(20)}`))
      .to.have.property("problem")
      .that.includes("zero address");
    expect(readSigner("me")).to.have.property("problem").that.includes("in hex with 0x");
    expect(readSigner("")).to.have.property("problem");
  });
});
