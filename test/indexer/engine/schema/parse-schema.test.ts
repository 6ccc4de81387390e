import { expect } from "chai";

import { parseSchema } from "../../../../indexer/engine/schema/parse-schema.ts";

const ACCOUNT = `type Account implements Party @entity(immutable: true) {
  name: String
  id: Bytes!
  state: State!
  owner: Owner
  party: Party
  tags: [BigInt!]!
  cards: [Card!]! @derivedFrom(field: "holder")
}`;
const REST = `
interface Party { id: Bytes! }
enum State { On Off }
type Owner @entity { id: ID! }
type Card @entity { id: Int8! holder: Account! }`;

describe("schema parser", () => {
  it("reads entities, references and enums", () => {
    const schema = parseSchema(ACCOUNT + REST);
    const account = schema.entities.get("Account");
    expect(account).to.deep.include({ idType: "Bytes", immutable: true, interfaces: ["Party"] });
    expect(account?.columns.map((field) => `${field.name} ${field.valueType}`)).to.deep.equal([
      "id Bytes",
      "name String",
      "state Enum",
      "owner String",
      "party Bytes",
      "tags BigInt",
    ]);
    expect(account?.fieldByName.get("state")?.enumValues).to.deep.equal(["On", "Off"]);
    expect(account?.fieldByName.get("tags")).to.deep.include({ list: true, nonNull: true, elementNonNull: true });
    expect(schema.entities.get("Card")).to.deep.include({ idType: "Int8", immutable: false });
    expect(schema.interfaces.get("Party")?.implementors.map((type) => type.name)).to.deep.equal(["Account"]);
  });

  const wrong: Record<string, readonly [schema: string, message: string]> = {
    "a type without @entity": ["type A { id: ID! }", "`A` has no @entity"],
    "a missing id": ["type A @entity { x: Int }", "`A` needs a field `id`"],
    "a nullable id": ["type A @entity { id: ID }", "`A` needs a field `id`"],
    "an unknown type": ["type A @entity { id: ID! x: Foo }", "`A.x`: unknown type `Foo`"],
    "a list of lists": ["type A @entity { id: ID! x: [[Int!]!]! }", "`A.x`: lists of lists"],
    "a derived field without its origin": [
      'type A @entity { id: ID! x: [A!]! @derivedFrom(field: "y") }',
      "`A.x`: @derivedFrom names `A.y`",
    ],
    "names that differ in case only": ["type A @entity { id: ID! x: Int X: Int }", "two fields are named `X`"],
    timeseries: ["type A @entity(timeseries: true) { id: Int8! }", "timeseries"],
    "an empty schema": ["enum A { B }", "no @entity"],
  };
  for (const [what, [schema, message]] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      expect(() => parseSchema(schema)).to.throw(message);
    });
  }
});
