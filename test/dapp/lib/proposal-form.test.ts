import { expect } from "chai";
import { descriptionOf, proposalProblem, readActions } from "../../../dapp/src/lib/proposal-form.ts";
import { draftContext } from "../../../dapp/src/lib/proposal-terms.ts";
import { CONTRACTS, contextOf, draftOf, SOMEBODY } from "../support/draft-fixtures.ts";

const PAYMENT = draftOf("payment", { to: SOMEBODY, token: CONTRACTS.MeshToken, amount: "1" });

describe("a new proposal", () => {
  it("lets later actions name seasons that earlier ones open", () => {
    const season = draftOf("openSeason", { wait: "3 d", length: "7 d", credits: "100", minUnits: "1" });
    const grant = draftOf("grant", { to: SOMEBODY, most: "1" });
    const fields = { season: "3", description: "Tools", token: CONTRACTS.MeshToken, budget: "2", minVotes: "1" };
    const round = draftOf("openGrants", fields, [grant, grant]);
    const isRead = readActions([season, round], contextOf()).map((reading) => "call" in reading);
    expect(isRead, "in order").to.deep.equal([true, true]);
    const swapped = readActions([round, season], contextOf()).map((reading) => "call" in reading);
    expect(swapped, "before the season").to.deep.equal([false, true]);
  });

  it("needs a title and an action, and fits the chain", () => {
    const draft = { title: "Pay", reasons: "Because", actions: [PAYMENT] };
    expect(proposalProblem(draft)).to.equal(undefined);
    expect(proposalProblem({ ...draft, title: " " })).to.equal("Give it a title.");
    expect(proposalProblem({ ...draft, title: "x".repeat(161) })).to.include("161 characters, at most 160");
    expect(proposalProblem({ ...draft, actions: [] })).to.equal("Add at least one action.");
    expect(proposalProblem({ ...draft, reasons: "x".repeat(20_000) })).to.include("at most 20000 are allowed");
  });

  it("has its title as the first line", () => {
    expect(descriptionOf({ title: " Pay ", reasons: "Because\n" })).to.equal("# Pay\n\nBecause");
    expect(descriptionOf({ title: "Pay", reasons: "" })).to.equal("# Pay");
  });

  it("is executable after delay, voting and timelock", () => {
    const { contracts, parameters, tokens, treasury } = contextOf();
    const terms = { threshold: 0n, bond: 0n, votingDelay: 10, votingPeriod: 60, timelockDelay: 30 };
    const comingSeasons = [100, 101, 500].map((startsAt, i) => ({ season: i + 1, startsAt }));
    const facts = { contracts, parameters, tokens, treasury, terms, seasonCount: 3, comingSeasons };
    const context = draftContext(facts, 1, new Map());
    expect(context).to.deep.include({ executableAt: 101, nextSeason: 4, openSeasons: [3] });
  });
});
