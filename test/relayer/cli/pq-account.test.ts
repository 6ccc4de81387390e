import { readFileSync, writeFileSync } from "node:fs";
import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { expect } from "chai";
import { type Address, encodeFunctionData, keccak256, type Hex } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import type { Outcome } from "./support/cli-network.ts";
import { type GovernedNetwork, startGovernedNetwork, VOTER_IDENTITY, WALLETS } from "./support/governed-network.ts";

const MESH = 10n ** 18n;
const OWNER = testAccount(WALLETS.owner).address;

type Fields = Record<string, unknown>;

interface Shown {
  state: string;
  voteStart: { unixSeconds: string };
  identityHouse: { for: { text: string }; against: { text: string } };
}

describe("pqmesh pq-account, and ballots that others send", function () {
  this.timeout(180_000);

  let network: GovernedNetwork;
  let account: Address;
  let proposal: string;
  const path = (name: string): string => network.file(name);
  const send = (wallet: string, ...words: string[]): Promise<Outcome> =>
    network.ok(...words, "--wallet", path(`${wallet}.json`), "--yes");
  const errorOf = async (...words: string[]): Promise<string> =>
    (await network.run(...words)).json<{ error: string }>().error;
  const sign = (request: string, out: string, keystore = "account.json"): string[] => [
    ...["key", "sign", "--request", path(request), "--keystore", path(keystore), "--out", path(out), "--yes"],
    ...["--contracts", path("network.json")],
  ];
  const fromWallet = (wallet: string): string[] => ["--wallet", path(`${wallet}.json`), "--yes"];
  const show = (): Promise<Shown> => network.ok<Shown>("proposal", "show", proposal);

  before(async () => {
    network = await startGovernedNetwork();
    const key = await network.keystore("account.json", "ml-dsa-65", "account");
    writeFileSync(path("account.pub"), `${key}\n`);
    await network.keystore("other.json", "ml-dsa-65", "account");
    await network.keystore("attestation.json", "ml-dsa-65", "attestation");
  });
  after(() => network.stop());

  it("foretells the address, and makes the account there", async () => {
    const before = await network.ok<Fields>("pq-account", "show", path("account.pub"));
    expect(before).to.deep.include({ isThere: false, nonce: null });
    account = before.account as Address;
    expect(
      await errorOf("pq-account", "prepare", "lock", path("account.pub"), "1", "--out", path("none.json")),
    ).to.equal(`account ${account} is not there yet (pq-account create)`);
    const { events, after } = await send("nobody", "pq-account", "create", path("account.pub"));
    expect(events.map(({ name }) => name)).to.deep.equal(["AccountCreated"]);
    expect(after[0]).to.include(`It is ${account}`);
    const key = keccak256(readFileSync(path("account.pub"), "utf8").trim() as Hex);
    expect(await network.ok("pq-account", "show", account)).to.deep.include({ isThere: true, keyId: key, nonce: "0" });
    expect(await errorOf("pq-account", "create", path("account.pub"), ...fromWallet("nobody"))).to.include(
      "PQAccountFactory_AccountKnown",
    );
    expect(await errorOf("pq-account", "show", OWNER), "an account with an ECDSA key").to.be.undefined;
  });

  it("locks MESH by an order that its key signed offline and anybody sends", async () => {
    await network.call("MeshToken", "transfer", [account, 3_000n * MESH], network.treasury);
    const args = [account, VOTER_IDENTITY + 1n, 2 ** 40] as const;
    const data = encodeFunctionData({ abi: admittedIdentitiesAbi, functionName: "admit", args });
    await network.chain.send({ from: network.treasury, to: network.config.contracts.AdmittedIdentities, data });
    await network.ok("pq-account", "prepare", "lock", account, "2500", "--out", path("order.json"));
    expect(await errorOf(...sign("order.json", "x.json", "other.json"))).to.include("is not the key of this account");
    expect(await errorOf(...sign("order.json", "x.json", "attestation.json"))).to.include("not the key of an account");
    await network.ok(...sign("order.json", "signed.json"));
    const signed = JSON.parse(readFileSync(path("signed.json"), "utf8")) as Fields;
    writeFileSync(path("changed.json"), JSON.stringify({ ...signed, nonce: "1" }));
    const submit = (file: string): string[] => [
      "pq-account",
      "submit",
      "--signed",
      path(file),
      ...fromWallet("nobody"),
    ];
    expect(await errorOf(...submit("changed.json"))).to.include("digest does not belong to the other fields");
    const sent = await network.ok<Outcome>(...submit("signed.json"));
    expect(sent.preview?.gets?.join("\n")).to.match(/1\. Allows QuadraticVotes to take up to 2,500 MESH/);
    expect(sent.events.map(({ name }) => name)).to.deep.equal(["Executed"]);
    expect(await network.ok("votes", "show", account)).to.have.nested.property("locked.mesh", "2500");
    expect(await errorOf(...submit("signed.json"))).to.include("this is order 0 of the account, whose next is 1");
  });

  it("votes by a ballot that its key signed", async () => {
    const { parameters } = await network.ok<{ parameters: { value: string }[] }>("parameters", "voteAgeRamp");
    await network.pass(2 * Number(parameters[0]!.value) + 1);
    for (const voter of [OWNER, account]) await send("nobody", "votes", "sync", "--account", voter);
    await network.pass(2);
    const words = ["proposal", "create", "parameter", "reportFee", "2 MESH", "--description", "Dearer reports"];
    const { after } = await send("owner", ...words);
    proposal = /It is proposal ([0-9]+);/.exec(after[0]!)![1]!;
    await network.ok("pq-account", "prepare", "vote", account, proposal, "for", "--out", path("ballot.json"));
    await network.ok(...sign("ballot.json", "voted.json"));
    const submit = ["proposal", "submit-vote", "--signed", path("voted.json"), ...fromWallet("nobody")];
    expect(await errorOf(...submit)).to.include("is pending, so it cannot be voted on");
    await network.chain.mineAt(Number((await show()).voteStart.unixSeconds) + 1);
    const voted = await network.ok<Outcome>(...submit);
    expect(voted.after[0]).to.equal(
      `The vote of ${account} counts 50 units in the identity house and 0 MESH in the token house.`,
    );
    expect((await show()).identityHouse.for.text).to.equal("50 units");
    expect(await errorOf(...submit)).to.include("a vote cannot be changed");
  });

  it("lets a wallet sign a ballot that another wallet sends", async () => {
    const words = ["proposal", "vote", proposal, "against", "--wallet", path("owner.json")];
    await network.ok(...words, "--sign-only", path("owner-ballot.json"));
    expect((await show()).identityHouse.against.text, "nothing sent").to.equal("0 units");
    expect(await errorOf(...words, "--sign-only", path("owner-ballot.json"))).to.include("exists already");
    const submit = (file: string): string[] => [
      "proposal",
      "submit-vote",
      "--signed",
      path(file),
      ...fromWallet("nobody"),
    ];
    const signed = JSON.parse(readFileSync(path("owner-ballot.json"), "utf8")) as Fields;
    writeFileSync(path("for.json"), JSON.stringify({ ...signed, choice: "for" }));
    expect(await errorOf(...submit("for.json"))).to.include("digest does not belong to the other fields");
    writeFileSync(path("large.json"), JSON.stringify({ ...signed, proposalId: "9".repeat(78) }));
    expect(await errorOf(...submit("large.json"))).to.include("proposalId: must be below 2^256");
    await network.ok(...submit("owner-ballot.json"));
    expect((await show()).identityHouse.against.text).to.equal("200 units");
    expect(await errorOf(...words, "--sign-only", path("again.json"))).to.include("a vote cannot be changed");
  });
});
