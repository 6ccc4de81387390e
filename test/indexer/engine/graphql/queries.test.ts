import { expect } from "chai";
import { buildClientSchema, getIntrospectionQuery, printType } from "graphql";
import type { IntrospectionQuery } from "graphql";

import { compareDecimal, parseDecimal } from "../../../../indexer/engine/values/big-decimal.ts";
import { createSampleIndex, sampleId } from "../../fixture/sample-index.ts";
import type { SampleAccount, SampleIndex } from "../../fixture/sample-index.ts";

describe("queries", () => {
  let sample: SampleIndex;

  beforeEach(() => {
    sample = createSampleIndex();
  });
  afterEach(() => sample.close());

  function ask(query: string): { data?: Record<string, unknown>; errors?: { message: string }[] } {
    return JSON.parse(JSON.stringify(sample.service.execute({ query })));
  }

  function data(query: string): Record<string, unknown> {
    const { data: answer, errors } = ask(query);
    if (errors !== undefined || answer === undefined) throw new Error(JSON.stringify(errors));
    return answer;
  }

  const ids = (accounts: readonly SampleAccount[]): { id: string }[] => accounts.map(({ id }) => ({ id }));

  it("answer every kind of field", () => {
    const account = sample.accounts[7];
    expect(
      data(
        `{ account(id: "0x0007") { id name balance average count kind active total tags note last { id } card { id } } }`,
      ),
    ).to.deep.equal({
      account: {
        id: "0x0007",
        name: account?.name,
        balance: account?.balance.toString(),
        average: "1.59",
        count: account?.count,
        kind: account?.kind,
        active: account?.active,
        total: account?.total.toString(),
        tags: account?.tags,
        note: account?.note,
        last: null,
        card: null,
      },
    });
  });

  it("answer null for an id that is not there", () => {
    expect(data(`{ account(id: "0xffff") { id } card(id: "none") { id } }`)).to.deep.equal({
      account: null,
      card: null,
    });
    expect(ask(`{ account(id: "xyz") { id } }`).errors?.[0]?.message).to.contain("Bytes id of `Account`");
  });

  const orders: Record<string, (a: SampleAccount, b: SampleAccount) => number> = {
    id: () => 0,
    name: (a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
    balance: (a, b) => Number(a.balance > b.balance) - Number(a.balance < b.balance),
    average: (a, b) => compareDecimal(parseDecimal(a.average), parseDecimal(b.average)),
    total: (a, b) => Number(a.total > b.total) - Number(a.total < b.total),
    active: (a, b) => Number(a.active) - Number(b.active),
    note: (a, b) => nullsLast(a.note, b.note),
  };
  for (const [field, compare] of Object.entries(orders)) {
    it(`order by ${field}, equal ones by id`, () => {
      const sorted = [...sample.accounts].sort((a, b) => compare(a, b) || (a.id < b.id ? -1 : 1));
      expect(data(`{ accounts(orderBy: ${field}) { id } }`)).to.deep.equal({ accounts: ids(sorted) });
      expect(data(`{ accounts(orderBy: ${field}, orderDirection: desc) { id } }`)).to.deep.equal({
        accounts: ids(sorted.reverse()),
      });
    });
  }

  it("order by a field of a related entity", () => {
    const { deposits } = data(
      `{ deposits(orderBy: party__name, orderDirection: desc, first: 1000) { id party { name } } }`,
    ) as {
      deposits: { id: string; party: { name: string } }[];
    };
    const sorted = [...deposits].sort(
      (a, b) => Buffer.compare(Buffer.from(b.party.name), Buffer.from(a.party.name)) || (a.id < b.id ? 1 : -1),
    );
    expect(deposits).to.have.lengthOf(sample.deposits.length);
    expect(deposits).to.deep.equal(sorted);
    expect(data(`{ accounts(orderBy: card__level, first: 3) { id } }`)).to.deep.equal({
      accounts: [3, 2, 1].map((n) => ({ id: sampleId(n) })),
    });
  });

  it("refuse to order by what graph-node cannot", () => {
    for (const field of ["kind", "tags", "friends", "last"]) {
      expect(ask(`{ accounts(orderBy: ${field}) { id } }`).errors?.[0]?.message).to.equal(
        `Ordering by \`${field}\` is not supported for type \`Account\``,
      );
    }
  });

  it("page with first and skip", () => {
    expect(data("{ accounts(first: 3, skip: 4) { id } }")).to.deep.equal({
      accounts: ids(sample.accounts.slice(4, 7)),
    });
    for (const argument of ["first: 0", "first: 1001", "first: -1"]) {
      expect(ask(`{ accounts(${argument}) { id } }`).errors?.[0]?.message).to.contain(
        "The `first` argument must be between 1 and 1000",
      );
    }
    expect(ask("{ accounts(skip: 5001) { id } }").errors?.[0]?.message).to.contain(
      "The `skip` argument must be between 0 and 5000, but is 5001",
    );
  });

  it("follow relations both ways, each list with its own page", () => {
    const answer = data(`{ accounts(where: { id_in: ["0x0003", "0x0005", "0x0004"] }) {
      id
      deposits(first: 2, orderBy: ref, orderDirection: desc) { id ref party { id name } }
      friends { id friendOf(first: 1) { id } }
    } }`);
    const wanted = [3, 4, 5].map((n) => ({
      id: sampleId(n),
      deposits: sample.deposits
        .filter(({ party }) => party === sampleId(n))
        .reverse()
        .slice(0, 2)
        .map(({ id, ref, party }) => ({
          id,
          ref: ref.toString(),
          party: { id: party, name: sample.accounts[n]?.name },
        })),
      friends: sample.accounts[n]?.friends.map((id) => ({ id, friendOf: [{ id: firstFriendOf(id) }] })),
    }));
    expect(answer).to.deep.equal({ accounts: wanted });
  });

  it("filter and page nested lists by parent", () => {
    const answer = data(`{ accounts { id deposits(where: { amount_gt: 0 }, first: 1, skip: 1) { id } } }`);
    const wanted = sample.accounts.map(({ id }) => ({
      id,
      deposits: sample.deposits
        .filter(({ party, amount }) => party === id && amount > 0n)
        .slice(1, 2)
        .map((deposit) => ({ id: deposit.id })),
    }));
    expect(answer).to.deep.equal({ accounts: wanted });
  });

  it("answer interfaces with fragments", () => {
    const answer = data(`
      query { parties(first: 3, orderBy: balance, orderDirection: desc, where: { balance_gt: 40000 }) { ...Named ... on Robot { value } deposits(first: 1) { id } } party(id: "0xaa00") { __typename id } }
      fragment Named on Party { __typename id name ... on Account { count } }`);
    const rich = sample.accounts
      .filter(({ balance }) => balance > 43_521n)
      .sort((a, b) => (a.balance > b.balance ? -1 : 1));
    const { parties, party } = answer as { parties: Record<string, unknown>[]; party: unknown };
    expect(parties.map(({ id }) => id)).to.deep.equal(rich.slice(0, 3).map(({ id }) => id));
    expect(parties[0]).to.deep.equal({
      __typename: "Account",
      id: rich[0]?.id,
      name: rich[0]?.name,
      count: rich[0]?.count,
      deposits: sample.deposits
        .filter((deposit) => deposit.party === rich[0]?.id)
        .slice(0, 1)
        .map(({ id }) => ({ id })),
    });
    expect(party).to.deep.equal({ __typename: "Robot", id: "0xaa00" });
  });

  it("merge selections under one alias and honour @include and @skip", () => {
    const answer = data(
      `query { first: accounts(first: 1) { id } first: accounts(first: 1) { name @skip(if: true) count @include(if: true) } }`,
    );
    expect(answer).to.deep.equal({ first: [{ id: "0x0000", count: sample.accounts[0]?.count }] });
  });

  it("tell the block in _meta", () => {
    expect(data("{ _meta { block { number hash timestamp parentHash } deployment hasIndexingErrors } }")).to.deep.equal(
      {
        _meta: {
          block: {
            number: 0,
            hash: `0x${(1_000).toString(16).padStart(64, "0")}`,
            timestamp: 1_700_000_000,
            parentHash: `0x${(999).toString(16).padStart(64, "0")}`,
          },
          deployment: "sample",
          hasIndexingErrors: false,
        },
      },
    );
  });

  it("answer as of a block inside the undo window", () => {
    const owner = Buffer.from([0, 3]);
    sample.addBlock((set) => set("Account", sampleId(3), { balance: 111n, name: "changed" }));
    sample.addBlock((set) => set("Card", "card-9", { holder: owner, level: 1 }));
    const at = (block: string): unknown =>
      data(
        `{ account(id: "0x0003", block: ${block}) { name card { id } } cards(block: ${block}, where: { holder_: { name: "changed" } }) { id } }`,
      );
    const before = { account: { name: sample.accounts[3]?.name, card: { id: "card-3" } }, cards: [] };
    expect(at("{ number: 0 }")).to.deep.equal(before);
    expect(at(`{ hash: "0x${(1_000).toString(16).padStart(64, "0")}" }`)).to.deep.equal(before);
    expect(at("{ number: 1 }")).to.deep.equal({
      account: { name: "changed", card: { id: "card-3" } },
      cards: [{ id: "card-3" }],
    });
    expect(data(`{ accounts(where: { _change_block: { number_gte: 1 } }) { id } }`)).to.deep.equal({
      accounts: [{ id: sampleId(3) }],
    });
    const single = ask(`{ account(id: "0x0003") { card { id } } }`);
    expect(single.errors?.[0]?.message).to.contain("Ambiguous result for derived field `card`");
  });

  it("refuse blocks that are unknown, too new or too old", () => {
    sample.addBlock(() => undefined);
    sample.store.prune(1);
    const message = (block: string): string => ask(`{ accounts(block: ${block}) { id } }`).errors?.[0]?.message ?? "";
    expect(message("{ number: 9 }")).to.contain("has only indexed up to block number 1 and data for block number 9");
    expect(message("{ number_gte: 2 }")).to.contain("has only indexed up to block number 1");
    expect(message("{ number: 0 }")).to.contain("only has data starting at block number 1");
    expect(message(`{ hash: "0x12" }`)).to.contain("no block with that hash found");
    expect(message("{ number: 1, number_gte: 1 }")).to.contain("takes only one of");
    expect(message("{}")).to.contain("needs one of");
    expect(data("{ accounts(block: { number_gte: 1 }, first: 1) { id } }")).to.deep.equal({
      accounts: [{ id: "0x0000" }],
    });
  });

  it("are judged at once however often fragments spread each other", () => {
    const last = 60;
    const fragments = Array.from({ length: last }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    const light = `{ ...F0 } ${fragments.join(" ")} fragment F${last} on Query { __typename }`;
    expect(ask(light)).to.deep.equal({ data: { __typename: "Query" } });
    const heavy = light.replace("{ __typename }", "{ accounts(first: 1000) { id } }");
    expect(JSON.stringify(ask(heavy))).to.contain("exceeds the limit of `150000`");
  });

  it("refuse queries that are too deep or too large", () => {
    const nest = (levels: number): string => (levels === 0 ? "id" : `id friends(first: 1) { ${nest(levels - 1)} }`);
    expect(ask(`{ accounts(first: 1) { ${nest(10)} } }`).errors).to.equal(undefined);
    expect(ask(`{ accounts(first: 1) { ${nest(13)} } }`).errors?.[0]?.message).to.equal(
      "query has a depth that exceeds the limit of `12`",
    );
    expect(ask("{ accounts(first: 1000) { friends(first: 1000) { id } } }").errors?.[0]?.message).to.contain(
      "query potentially returns `1001000` entities or more and thereby exceeds the limit of `150000` entities",
    );
    const wide = `query Q($first: Int = 1000) { ${Array.from({ length: 200 }, (_, i) => `a${i}: accounts(first: $first) { id }`).join(" ")} }`;
    expect(sample.service.execute({ query: wide, variables: { first: 1_000 } }).errors?.[0]?.message).to.contain(
      "exceeds the limit of `150000`",
    );
  });

  it("say what is wrong with a document", () => {
    expect(ask("{ accounts { nope } }").errors?.[0]?.message).to.contain('Cannot query field "nope" on type "Account"');
    expect(ask("{ accounts ").errors?.[0]?.message).to.contain("Syntax Error");
    expect(ask("query A { accounts { id } } query B { cards { id } }").errors?.[0]?.message).to.contain(
      "operationName",
    );
    expect(
      sample.service.execute({ query: "query Q($id: ID!) { account(id: $id) { id } }" }).errors?.[0]?.message,
    ).to.contain("$id");
  });

  it("can be introspected by stock clients", () => {
    const result = sample.service.execute({ query: getIntrospectionQuery() });
    expect(result.errors).to.equal(undefined);
    const schema = buildClientSchema(result.data as unknown as IntrospectionQuery);
    const { __schema } = result.data as unknown as IntrospectionQuery;
    const locations = __schema.directives.flatMap((directive) => directive.locations);
    expect(new Set(locations), "locations that every parser knows").to.have.all.keys(
      "FIELD",
      "FRAGMENT_SPREAD",
      "INLINE_FRAGMENT",
    );
    const card = schema.getType("Card");
    expect(card === undefined ? "" : printType(card)).to.equal(
      "type Card {\n  id: ID!\n  holder: Account!\n  level: Int!\n}",
    );
    const filter = schema.getType("Card_filter");
    expect(filter === undefined ? "" : printType(filter))
      .to.contain("level_not_in: [Int!]")
      .and.to.contain("holder_: Account_filter")
      .and.to.contain("or: [Card_filter]");
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).to.include.members([
      "card",
      "cards",
      "parties",
      "_meta",
    ]);
  });

  it("know which types an answer depends on", () => {
    const depends = (query: string): string[] => [...(sample.service.dependencies(query) ?? [])].sort();
    expect(depends("{ cards { id } }")).to.deep.equal(["Card"]);
    expect(depends('{ cards(where: { holder_: { name: "x" } }) { id } }')).to.deep.equal(["Account", "Card"]);
    expect(depends("{ cards(orderBy: holder__name) { id } }")).to.deep.equal(["Account", "Card"]);
    expect(depends("{ deposits { party { id } } _meta { deployment } }")).to.deep.equal([
      "Account",
      "Deposit",
      "Robot",
      "_Meta_",
    ]);
    expect(depends("query Q($w: Card_filter) { cards(where: $w) { id } }")).to.include.members([
      "Account",
      "Card",
      "Deposit",
    ]);
    expect(sample.service.dependencies("{ nope }")).to.equal(undefined);
  });

  /** First account, by id, that has the one given among its friends. */
  function firstFriendOf(id: string): string | undefined {
    return sample.accounts.find((account) => account.friends.includes(id))?.id;
  }
});

function nullsLast(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
