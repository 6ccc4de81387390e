import { expect } from "chai";

import { compareDecimal, parseDecimal } from "../../../../indexer/engine/values/big-decimal.ts";
import { createSampleIndex, sampleId } from "../../fixture/sample-index.ts";
import type { SampleAccount, SampleIndex } from "../../fixture/sample-index.ts";

type Predicate = (account: SampleAccount) => boolean;

const AVERAGE = (account: SampleAccount, text: string): number =>
  compareDecimal(parseDecimal(account.average), parseDecimal(text));
const NOTED =
  (test: (note: string) => boolean): Predicate =>
  ({ note }) =>
    note !== null && test(note);

const FILTERS: Record<string, Predicate> = {
  'id: "0x0003"': ({ id }) => id === sampleId(3),
  'id_not: "0003"': ({ id }) => id !== sampleId(3),
  'id_gt: "0x0003", id_lte: "0x000a"': ({ id }) => id > sampleId(3) && id <= sampleId(10),
  'id_in: ["0x0001", "0x0005", "0xffff"]': ({ id }) => [sampleId(1), sampleId(5)].includes(id),
  'id_contains: "000a"': ({ id }) => id === sampleId(10),
  'name: "anna-0"': ({ name }) => name === "anna-0",
  'name_not_in: ["anna-0", "Bert-1"]': ({ name }) => !["anna-0", "Bert-1"].includes(name),
  "name_in: []": () => false,
  "name_not_in: []": () => false,
  'name_gte: "cleo"': ({ name }) => name >= "cleo",
  'name_contains: "er"': ({ name }) => name.includes("er"),
  'name_not_contains: "er"': ({ name }) => !name.includes("er"),
  'name_contains_nocase: "BERT"': ({ name }) => name.toLowerCase().includes("bert"),
  'name_starts_with: "B"': ({ name }) => name.startsWith("B"),
  'name_starts_with: "b"': () => false,
  'name_starts_with_nocase: "b"': ({ name }) => name.startsWith("B"),
  'name_not_starts_with: "anna"': ({ name }) => !name.startsWith("anna"),
  'name_not_starts_with_nocase: "ANNA"': ({ name }) => !name.startsWith("anna"),
  'name_ends_with: "-3"': ({ name }) => name.endsWith("-3"),
  'name_ends_with_nocase: "A-0"': ({ name }) => name.endsWith("a-0"),
  'name_not_ends_with: "-3"': ({ name }) => !name.endsWith("-3"),
  'name_contains: "D_rte"': ({ name }) => name.startsWith("Dörte"),
  'name_contains: "Be%-1"': ({ name }) => /Be.*-1/.test(name),
  'note_contains: "50\\\\% off\\\\_"': NOTED((note) => note.startsWith("50% off_")),
  'note_contains: "*star["': NOTED((note) => note.startsWith("*star[")),
  'note_starts_with_nocase: "ALPHA"': NOTED((note) => note.toLowerCase().startsWith("alpha")),
  "note: null": ({ note }) => note === null,
  "note_not: null": ({ note }) => note !== null,
  'note_not: "Zulu"': NOTED((note) => note !== "Zulu"),
  'note: ""': ({ note }) => note === "",
  "balance: 0": ({ balance }) => balance === 0n,
  'balance_gt: "-1000"': ({ balance }) => balance > -1_000n,
  'balance_lt: "-1000000000000000"': ({ balance }) => balance < -(10n ** 15n),
  'balance_gte: "0", balance_lte: "3000"': ({ balance }) => balance >= 0n && balance <= 3_000n,
  'balance_in: ["0", "-4"]': ({ balance }) => balance === 0n || balance === -4n,
  'average_gt: "0.5"': (account) => AVERAGE(account, "0.5") > 0,
  "average_lte: -1": (account) => AVERAGE(account, "-1") <= 0,
  'average_gt: "1e99999"': () => false,
  'average_gt: "-1e999999999"': () => true,
  'average_lt: "1e-99999"': (account) => AVERAGE(account, "0") <= 0,
  'average_gte: "-1e-999999999"': (account) => AVERAGE(account, "0") >= 0,
  'average_in: ["1e999999999"]': () => false,
  'average: "1.370"': (account) => AVERAGE(account, "1.37") === 0,
  "count_gt: 5": ({ count }) => count > 5,
  "count_not_in: [1, 2]": ({ count }) => count !== 1 && count !== 2,
  'total_lt: "-36028797018963968"': ({ total }) => total < -(2n ** 55n),
  "total_gte: 0": ({ total }) => total >= 0n,
  "active: true": ({ active }) => active,
  "active_not: true": ({ active }) => !active,
  "active_in: [false]": ({ active }) => !active,
  "kind: Special": ({ kind }) => kind === "Special",
  "kind_not_in: [Special, Odd]": ({ kind }) => kind === "Plain",
  'tags: ["red", "Green"]': ({ tags }) => tags.join() === "red,Green",
  'tags_not: ["red"]': ({ tags }) => tags.join() !== "red",
  'tags_contains: ["Green", "red"]': ({ tags }) => tags.includes("Green"),
  "tags_contains: []": () => true,
  'tags_not_contains: ["Green", "blue"]': ({ tags }) => !tags.includes("Green"),
  'tags_contains_nocase: ["green"]': ({ tags }) => tags.includes("Green"),
  'tags_not_contains_nocase: ["GREEN"]': ({ tags }) => !tags.includes("Green"),
  'friends_contains: ["0x0004"]': ({ friends }) => friends.includes(sampleId(4)),
  'friends_: { name_starts_with: "anna" }': ({ friends }) => friends.some((id) => Number(id) % 4 === 0),
  "friendOf_: { active: true }": ({ id }) => befriendedBy(id).some((n) => n % 2 === 0),
  "card_: { level_lt: 9 }": ({ id }) => id === sampleId(2) || id === sampleId(3),
  "deposits_: { amount_gt: 7, ref: 0 }": ({ id }) => Number(id) % 4 > 0 && ((Number(id) * 7) % 13) - 4 > 7,
  "and: [{ count_gt: 2 }, { or: [{ active: true }, { kind: Odd }] }]": ({ count, active, kind }) =>
    count > 2 && (active || kind === "Odd"),
  'or: [{ name: "anna-0" }, { name: "Bert-1", active: false }]': ({ name, active }) =>
    name === "anna-0" || (name === "Bert-1" && !active),
  "or: []": () => false,
  "and: []": () => true,
  "_change_block: { number_gte: 0 }": () => true,
  "_change_block: { number_gte: 1 }": () => false,
};

const REFUSED: Record<string, string> = {
  'name: "x", or: [{ name: "y" }]': "Cannot mix 'or' with other filters (name) at the same level",
  'and: [{ name: "y" }], active: true': "Cannot mix 'and' with other filters (active) at the same level",
  "count_gt: null": "Filter not supported by value `null`: `count_gt`",
  'balance_gt: "1.5"': "Failed to decode `BigInt` value",
  'id: "0xz"': "Failed to decode `Bytes` value",
  'average_lt: "many"': "Failed to decode `BigDecimal` value",
  'total: "9223372036854775808"': "Failed to decode `Int8` value",
  'friends_: { friends_: { name: "x" } }': "Child filter nesting not supported",
  'last_starts_with: "0x"': "Filter not supported by value `0x`: `last_starts_with`",
  "height: 3": 'Field "height" is not defined by type "Account_filter"',
};

describe("filters", () => {
  let sample: SampleIndex;

  before(() => {
    sample = createSampleIndex();
  });
  after(() => sample.close());

  for (const [filter, predicate] of Object.entries(FILTERS)) {
    it(filter, () => {
      const result = sample.service.execute({ query: `{ accounts(where: { ${filter} }) { id } }` });
      const wanted = sample.accounts.filter(predicate).map(({ id }) => ({ id }));
      expect(JSON.parse(JSON.stringify(result))).to.deep.equal({ data: { accounts: wanted } });
    });
  }

  for (const [filter, message] of Object.entries(REFUSED)) {
    it(`refuses ${filter}`, () => {
      const result = sample.service.execute({ query: `{ accounts(where: { ${filter} }) { id } }` });
      expect(result.errors?.[0]?.message).to.contain(message);
    });
  }

  it("take variables", () => {
    const result = sample.service.execute({
      query: "query Q($where: Account_filter, $first: Int) { accounts(where: $where, first: $first) { id } }",
      variables: { where: { balance_gt: "100", kind_in: ["Odd"] }, first: 2 },
    });
    const wanted = sample.accounts.filter(({ balance, kind }) => balance > 100n && kind === "Odd").slice(0, 2);
    expect(JSON.parse(JSON.stringify(result.data))).to.deep.equal({ accounts: wanted.map(({ id }) => ({ id })) });
  });
});

/** Numbers of the sample accounts that have an account among their friends. */
function befriendedBy(id: string): number[] {
  const number = Number(id);
  return [number - 1, number - 2]
    .map((n) => (n + 20) % 20)
    .filter((n) => Array.from({ length: n % 3 }, (_, k) => (n + k + 1) % 20).includes(number));
}
