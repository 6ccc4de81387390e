import { decodeCalls } from "@pqmesh/contracts/protocol/decode-call";
import { expect } from "chai";
import { zeroAddress } from "viem";
import { type ActionDraft, type DraftContext } from "../../../dapp/src/lib/action-draft.ts";
import { newAction, readAction } from "../../../dapp/src/lib/action-templates.ts";
import { readX509 } from "../../../dapp/src/lib/x509-record.ts";
import { makeAuthority } from "../support/certified-network.ts";
import { CONTRACTS, contextOf, DOLLAR, draftOf, EXECUTABLE_AT, SOMEBODY } from "../support/draft-fixtures.ts";

const TOKENS = new Map<string, { symbol: string; decimals: number }>([
  [CONTRACTS.MeshToken.toLowerCase(), { symbol: "MESH", decimals: 18 }],
  [DOLLAR.address, DOLLAR],
]);
const VOTER = "0x123456789abcdef";

/** What the decoder says of the call, or what is wrong and where. */
function said(draft: ActionDraft, context: DraftContext = contextOf()): string {
  const reading = readAction(draft, context);
  if ("problem" in reading) return `${reading.field}: ${reading.problem}`;
  const parameters = new Map(
    [...context.parameters].map(([name, row]) => [name, { ...row, notice: BigInt(row.notice) }]),
  );
  const [call] = decodeCalls([reading.call], { contracts: CONTRACTS, parameters, tokens: TOKENS });
  expect(call!.warnings, call!.sentence).to.deep.equal([]);
  return call!.sentence;
}

describe("actions of a proposal", () => {
  it("change governed numbers in their units", () => {
    const set = (name: string, value: string): string => said(draftOf("parameter", { name, value }));
    expect(set("minNodeStake", "12,000 MESH")).to.include("(minNodeStake) from 10,000 MESH to 12,000 MESH");
    expect(set("votingDelay", "1 d 12 h")).to.include("(votingDelay) from 2 d to 1 d 12 h");
    expect(set("quorumBp", "12.5 %")).to.include("(quorumBp) from 15 % to 12.5 %");
    expect(set("proposalThreshold", "50.5 units")).to.include("from 100 units to 50.5 units");
    expect(set("committeeMaxSeats", "64")).to.include("from 100 (seats) to 64 (seats)");
  });

  it("name the limit that a governed number passes", () => {
    const set = (name: string, value: string): string => said(draftOf("parameter", { name, value }));
    expect(set("minNodeStake", "999")).to.equal("value: minNodeStake must be at least 1,000 MESH.");
    expect(set("votingDelay", "21 d")).to.equal("value: votingDelay must be at most 20 d.");
    expect(set("votingDelay", "soon")).to.equal("value: Enter a length of time, for example 7 d or 1 h 30 min.");
    expect(set("quorumBp", "12.345")).to.include("at most two decimals");
    expect(set("committeeMaxSeats", "-3")).to.equal("value: This is not a whole number.");
    expect(set("noSuchNumber", "1")).to.equal("name: Choose one.");
  });

  it("pay out of the treasury what it has", () => {
    const pay = (token: string, amount: string): string => said(draftOf("payment", { to: SOMEBODY, token, amount }));
    expect(pay(CONTRACTS.MeshToken, "12.5")).to.equal(`Pays 12.5 MESH from the treasury to ${SOMEBODY}`);
    expect(pay(zeroAddress, "2")).to.equal(`Pays 2 ETH from the treasury to ${SOMEBODY}`);
    expect(pay(CONTRACTS.MeshToken, "1000.1")).to.equal("amount: The treasury has 1,000 MESH.");
    expect(pay(CONTRACTS.MeshToken, "0")).to.equal("amount: Enter more than zero.");
    expect(said(draftOf("payment", { to: zeroAddress, token: zeroAddress, amount: "1" }))).to.include("zero address");
    expect(said(draftOf("payment", { to: SOMEBODY.replace("7", "8") }))).to.include("its checksum is wrong");
  });

  it("allow a token in its own decimals, once it was read", () => {
    const allow = { token: DOLLAR.address, janitorFee: "0.5", minDeposit: "5" };
    expect(said(draftOf("allowToken", allow))).to.include("for the janitor of 0.5 TUSD and a least deposit of 5 TUSD");
    expect(said(draftOf("allowToken", { ...allow, janitorFee: "0.1234567" }))).to.include("TUSD has 6 decimals");
    expect(said(draftOf("allowToken", allow), contextOf({ typedTokens: new Map() }))).to.include("is being read");
    const none = contextOf({ typedTokens: new Map([[DOLLAR.address, undefined]]) });
    expect(said(draftOf("allowToken", allow), none)).to.equal("token: There is no token at this address.");
  });

  it("admit, revoke and suspend identities", () => {
    const admit = { account: SOMEBODY, nullifier: VOTER, term: "365 d" };
    expect(said(draftOf("admitVoter", admit))).to.include(`as voter ${BigInt(VOTER)} until 2028-01-15 08:00:00 UTC`);
    expect(said(draftOf("admitVoter", { ...admit, nullifier: "7" }))).to.include("at least 4,294,967,296");
    expect(said(draftOf("revokeVoter", { nullifier: VOTER }))).to.include(`voter ${BigInt(VOTER)} away`);
    expect(said(draftOf("suspendOperator", { identity: "4" }))).to.include("votes of operator 4 away");
    expect(said(draftOf("releaseOperator", { identity: "4" }))).to.include("Gives operator 4");
    expect(said(draftOf("suspendOperator", { identity: "4294967296" }))).to.include("at most 4,294,967,295");
    expect(said(draftOf("setGate", { gate: SOMEBODY }))).to.include(SOMEBODY);
  });

  it("admit, taint and revoke certificate authorities", async () => {
    const { pem } = await makeAuthority();
    const admit = {
      ...{ account: SOMEBODY, recoveryKey: `0x${"5a".repeat(32)}`, trustDomain: "mesh.example", term: "10 d" },
      ...{ kinds: "node, relayer", pathLength: "1", identityFrom: "1", identityUntil: "100", certificate: pem },
    };
    const admission = said(draftOf("admitAuthority", admit));
    expect(admission).to.include(`Admits a certificate authority whose account is ${SOMEBODY}`);
    expect(admission).to.include("until 2027-01-25 08:00:00 UTC it certifies nodes, relayers, of operators 1 to 99");
    expect(admission).to.include(`has the SHA-256 ${readX509(pem).x509Hash}`);
    expect(said(draftOf("admitAuthority", { ...admit, kinds: "node, dog" }))).to.include(
      "kinds: Enter some of operator",
    );
    expect(said(draftOf("admitAuthority", { ...admit, pathLength: "4" }))).to.equal(
      "pathLength: It must be at most 3.",
    );
    expect(said(draftOf("admitAuthority", { ...admit, recoveryKey: "0x5a" }))).to.include(
      "recoveryKey: Enter 32 bytes",
    );
    expect(said(draftOf("admitAuthority", { ...admit, certificate: "none" }))).to.include("certificate: There is no");
    const identities = { ...admit, identityFrom: "9", identityUntil: "9" };
    expect(said(draftOf("admitAuthority", identities))).to.equal("identityUntil: It must be at least 10.");
    const taint = said(draftOf("taintAuthority", { authority: "3", ago: "1 d", rest: "10 d" }));
    expect(taint).to.include("what it issued since 2027-01-14 08:00:00 UTC is refused at once");
    expect(taint).to.include("the rest must rotate until 2027-01-25 08:00:00 UTC");
    expect(said(draftOf("taintAuthority", { authority: "0", ago: "1 d", rest: "1 d" }))).to.include("at least 1");
    const revoke = said(draftOf("revokeAuthority", { authority: "3", reason: "2" }));
    expect(revoke).to.include(
      "Revokes certificate authority 3 and everything below it for ever: authority compromised",
    );
    expect(said(draftOf("revokeAuthority", { authority: "3", reason: "7" }))).to.equal("reason: Choose one.");
  });

  it("hold and release certificate authorities, and hand them to another account", () => {
    expect(said(draftOf("holdAuthority", { authority: "3" }))).to.include("Puts certificate authority 3 on hold");
    expect(said(draftOf("releaseAuthority", { authority: "3" }))).to.equal(
      "Releases certificate authority 3 from a hold",
    );
    expect(said(draftOf("releaseAuthority", { authority: "0" }))).to.equal("authority: It must be at least 1.");
    const hand = (account: string): string => said(draftOf("setAuthorityAccount", { authority: "3", account }));
    expect(hand(SOMEBODY)).to.include(`Hands certificate authority 3 to ${SOMEBODY}`);
    expect(hand(zeroAddress)).to.include("account: ").and.include("zero address");
  });

  it("name guardians, for a time or nobody", () => {
    expect(said(draftOf("proposalGuardian", { guardian: SOMEBODY }))).to.include(`Makes ${SOMEBODY} the guardian`);
    expect(said(draftOf("proposalGuardian", { guardian: "nobody" }))).to.include("there is none from then on");
    const emergency = { guardian: SOMEBODY, term: "10 d" };
    expect(said(draftOf("emergencyGuardian", emergency))).to.include("until 2027-01-25 08:00:00 UTC");
    expect(said(draftOf("emergencyGuardian", { ...emergency, term: "366 d" }))).to.include("at most 365 d");
    expect(said(draftOf("emergencyGuardian", { guardian: "Nobody" }))).to.include("there is none from then on");
  });

  it("pause an entry no longer than the DAO allows", () => {
    const pause = (length: string): string => said(draftOf("pauseEntry", { area: "3", length }));
    expect(pause("7 d")).to.include("Stops new leases until 2027-01-22 08:00:00 UTC");
    expect(pause("8 d")).to.equal("length: It must be at most 7 d (maxPause).");
    expect(pause("0 s")).to.equal("length: Enter more than zero.");
    expect(said(draftOf("resumeEntry", { area: "0" }))).to.include("stakes of inactive nodes");
  });

  it("take calldata as it is, whole bytes only", () => {
    const raw = { target: SOMEBODY, value: "", calldata: "0x12345678" };
    const reading = readAction(draftOf("rawCall", raw), contextOf());
    expect(reading).to.deep.equal({ call: { target: SOMEBODY, value: 0n, data: "0x12345678" } });
    expect(said(draftOf("rawCall", { ...raw, calldata: "0x123" }))).to.include("whole bytes in hex");
  });

  it("begin with the first of each choice", () => {
    const context = contextOf();
    expect(newAction("payment", context).fields).to.deep.equal({ to: "", token: CONTRACTS.MeshToken, amount: "" });
    expect(newAction("openGrants", context).options).to.have.length(2);
  });
});

describe("rounds in a proposal", () => {
  const season = { wait: "3 d", length: "7 d", credits: "100", minUnits: "1" };
  const inSeason = contextOf({ openSeasons: [2] });
  const grant = (to: string, most: string): ActionDraft => draftOf("grant", { to, most });
  const grants = {
    ...{ season: "2", description: "Tools of the spring", token: CONTRACTS.MeshToken, budget: "90", minVotes: "1" },
  };

  it("open the next season within what MESH needs to leave", () => {
    expect(said(draftOf("openSeason", season))).to.include("Opens season 3: every identity with at least 1 unit");
    expect(said(draftOf("openSeason", { ...season, length: "21 d" }))).to.include("Opens season 3");
    expect(said(draftOf("openSeason", { ...season, length: "21 d 1 s" }))).to.equal("length: It must be at most 21 d.");
    expect(said(draftOf("openSeason", { ...season, minUnits: "281474" }))).to.include("281,474 units");
    expect(said(draftOf("openSeason", { ...season, minUnits: "281474.1" }))).to.include("at most 281,474 units");
    expect(said(draftOf("openSeason", { ...season, credits: "0" }))).to.equal("credits: It must be at least 1.");
    expect(said(draftOf("openSeason", { ...season, wait: "0 d" }))).to.equal("wait: Enter more than zero.");
    const { call } = readAction(draftOf("openSeason", season), inSeason) as { call: { data: string } };
    expect(call.data).to.include((EXECUTABLE_AT + 3 * 86_400).toString(16));
  });

  it("divide a budget among receivers", () => {
    const options = [grant(SOMEBODY, "80"), grant(CONTRACTS.NodeStaking, "70")];
    expect(said(draftOf("openGrants", grants, options), inSeason)).to.include("2 receivers share 90 MESH");
    const wrong = [grant(SOMEBODY, "80"), grant(SOMEBODY, "")];
    expect(said(draftOf("openGrants", grants, wrong), inSeason)).to.equal("options.1.most: Enter an amount.");
    const greedy = [grant(SOMEBODY, `${2n ** 96n / 10n ** 18n + 1n}`), ...options];
    expect(said(draftOf("openGrants", grants, greedy), inSeason)).to.include("options.0.most: It must be below 2^96");
    expect(said(draftOf("openGrants", grants, options.slice(1)), inSeason)).to.include("at least two options");
    expect(said(draftOf("openGrants", grants, options))).to.equal("season: Choose one.");
  });

  it("let identities choose among calls", () => {
    const priorities = { season: "2", description: "What next?", winners: "1", minVotes: "2" };
    const change = (value: string): ActionDraft => draftOf("parameter", { name: "minNodeStake", value });
    const options = [change("12000"), change("15000")];
    expect(said(draftOf("openPriorities", priorities, options), inSeason)).to.include(
      "of 2 calls, the one with most votes becomes a proposal",
    );
    expect(said(draftOf("openPriorities", priorities, [change("1"), ...options]), inSeason)).to.equal(
      "options.0.value: minNodeStake must be at least 1,000 MESH.",
    );
    const coin = draftOf("payment", { to: SOMEBODY, token: zeroAddress, amount: "1" });
    expect(said(draftOf("openPriorities", priorities, [coin, ...options]), inSeason)).to.equal(
      "options.0.token: An option cannot send ETH.",
    );
  });
});
