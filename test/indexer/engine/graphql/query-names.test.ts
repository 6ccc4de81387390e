import { expect } from "chai";

import { queryNames } from "../../../../indexer/engine/graphql/query-names.ts";

describe("query names", () => {
  const cases: Record<string, readonly [singular: string, plural: string]> = {
    Account: ["account", "accounts"],
    CommitteeMember: ["committeeMember", "committeeMembers"],
    Identity: ["identity", "identities"],
    NodeKey: ["nodeKey", "nodeKeys"],
    Address: ["address", "addresses"],
    Batch: ["batch", "batches"],
    Status: ["status", "statuses"],
    Analysis: ["analysis", "analyses"],
    Data: ["data", "datas"],
    Metadata: ["metadata", "metadata_collection"],
    SLABreach: ["slabreach", "slabreaches"],
    UserID: ["userID", "userIDs"],
    ERC20Token: ["erc20Token", "erc20Tokens"],
    Token_Holder: ["tokenHolder", "tokenHolders"],
    Index: ["index", "indexes"],
    Subindex: ["subindex", "subindices"],
    Child: ["child", "childs"],
    Grandchild: ["grandchild", "grandchildren"],
    Proof: ["proof", "proofs"],
    Leaf: ["leaf", "leaves"],
    Key: ["key", "keys"],
  };
  for (const [typeName, [singular, plural]] of Object.entries(cases)) {
    it(`${typeName} is ${singular} and ${plural}`, () => {
      expect(queryNames(typeName)).to.deep.equal({ singular, plural });
    });
  }
});
