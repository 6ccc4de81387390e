import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { buildSchema, type GraphQLEnumType } from "graphql";
import { EPOCH_STATUSES } from "../../contracts/protocol/epoch-status.ts";
import * as numbers from "../../contracts/protocol/epoch-status-number.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Members of an enum of a Solidity interface, in order. */
function solidityEnum(file: string, name: string): string[] {
  const source = readFileSync(path.join(ROOT, "contracts/interfaces", file), "utf8");
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? "";
  return body.split(",").map((member) => member.trim());
}

/** Members of an enum of the subgraph's schema, in order. */
function schemaEnum(name: string): string[] {
  const directives =
    "directive @entity(immutable: Boolean) on OBJECT directive @derivedFrom(field: String!) on FIELD_DEFINITION";
  const scalars = "scalar BigInt scalar Bytes type Query { none: Int }";
  const schema = readFileSync(path.join(ROOT, "indexer/subgraph/schema.graphql"), "utf8");
  const type = buildSchema([directives, scalars, schema].join("\n")).getType(name) as GraphQLEnumType;
  return type.getValues().map((value) => value.name);
}

describe("numbers of enums", () => {
  it("statuses of epochs are the same on chain, in programs and in the subgraph", () => {
    const onChain = solidityEnum("IAttestationBridge.sol", "EpochStatus");
    expect(onChain).to.have.length(6);
    expect([...EPOCH_STATUSES]).to.deep.equal(onChain);
    expect(schemaEnum("EpochStatus")).to.deep.equal(onChain);
    expect(onChain.map((_, number) => numbers.epochStatusName(number))).to.deep.equal(onChain);
    const { EPOCH_INACTIVE, EPOCH_PENDING, EPOCH_ATTESTED, EPOCH_ABSENT, EPOCH_DEGRADED, EPOCH_UNREPORTED } = numbers;
    const constants = [EPOCH_INACTIVE, EPOCH_PENDING, EPOCH_ATTESTED, EPOCH_ABSENT, EPOCH_DEGRADED, EPOCH_UNREPORTED];
    expect(constants).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(numbers.epochStatusName(6)).to.equal("");
  });

  it("flaws and root operations are the same on chain and in the subgraph", () => {
    expect(schemaEnum("Flaw")).to.deep.equal(solidityEnum("IAttestationDisputes.sol", "Flaw"));
    expect(schemaEnum("RootOperation")).to.deep.equal(solidityEnum("INodeRegistry.sol", "RootOperation"));
    expect(schemaEnum("ChallengeState")).to.deep.equal(
      solidityEnum("IAttestationDisputes.sol", "ChallengeState").filter((state) => state !== "None"),
    );
  });
});
