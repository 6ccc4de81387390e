import { formatDid, formatMemberDid, parseDid, parseMemberDid } from "@pqmesh/contracts/protocol/did";
import { expect } from "chai";
import { didVectors } from "./support/vectors.ts";

const { cases, invalid } = didVectors();

describe("PQC-DID", () => {
  for (const { chainId, registry, nodeIndex, did } of cases) {
    it(`formats and parses ${did}`, () => {
      const named = { chainId: Number(chainId), registry, nodeIndex: Number(nodeIndex) };
      expect(formatDid(named)).to.equal(did);
      expect(parseDid(did)).to.deep.equal(named);
    });
  }

  for (const did of invalid) {
    it(`refuses "${did}"`, () => {
      expect(() => parseDid(did)).to.throw(Error, `"${did}"`);
    });
  }
});

describe("DID of a member", () => {
  const registry = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
  const prefix = `did:pqmesh:31337:${registry.toLowerCase()}`;
  const members = [
    ["node", 7n, "7"],
    ["operator", 4_294_967_295n, "operator:4294967295"],
    ["voter", 2n ** 256n - 1n, `voter:${2n ** 256n - 1n}`],
    ["relayer", 0xabn, `relayer:0x${"ab".padStart(40, "0")}`],
  ] as const;
  for (const [kind, subject, name] of members) {
    it(`formats and parses that of a ${kind}`, () => {
      const member = { chainId: 31_337, registry, kind, subject } as const;
      expect(formatMemberDid(member)).to.equal(`${prefix}:${name}`);
      expect(parseMemberDid(`${prefix}:${name}`)).to.deep.equal(member);
    });
  }

  const refused = ["operator:4294967296", "operator:01", "operator:", "voter:4294967295", `voter:${2n ** 256n}`];
  for (const name of [...refused, "relayer:0xAB", "relayer:5", "admin:1", "operator:1:voter:2"]) {
    it(`refuses ${name}`, () => {
      expect(() => parseMemberDid(`${prefix}:${name}`)).to.throw(Error, `"${prefix}`);
    });
  }

  it("names the whole text where the deployment is wrong", () => {
    expect(() => parseMemberDid("did:pqmesh:x:operator:1")).to.throw('"did:pqmesh:x:operator:1" is not a DID');
  });
});
