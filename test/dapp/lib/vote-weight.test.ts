import { expect } from "chai";
import {
  identityWords,
  isSyncUseful,
  rootOf,
  unitsWhenAged,
  type VoteWeight,
  weightReasons,
} from "../../../dapp/src/lib/vote-weight.ts";

const UNIT = 10n ** 9n;
const MESH = 10n ** 18n;
const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const NULLIFIER = 2n ** 32n;
const RULES = { voteCap: 1_000_000n * MESH, minNodeStake: 10_000n * MESH };
const OPERATOR: VoteWeight = {
  ...{ account: ACCOUNT, identity: 7n, recordedIdentity: 7n, since: 1_000, ownUnits: 200n * UNIT },
  ...{ unitsAfterSync: 200n * UNIT, delegate: ACCOUNT, units: 200n * UNIT, tokens: 0n, balance: 0n },
  ...{ locked: 0n, stake: 40_000n * MESH, tokenDelegate: ACCOUNT },
};
const told = (changes: Partial<VoteWeight>, snapshot?: number) => weightReasons({ ...OPERATOR, ...changes }, snapshot);
const remedies = (changes: Partial<VoteWeight>, snapshot?: number) =>
  told(changes, snapshot).flatMap(({ remedy }) => remedy ?? []);

describe("weightReasons", () => {
  it("says where a weight comes from", () => {
    const [units, own, tokens] = told({});
    expect(units?.sentence).to.match(/^200 units now: .* It is operator 7 since .*, and certified now\.$/);
    expect(own?.sentence).to.equal(
      "Operator 7 has 200 units now: the root of 40,000 MESH staked and locked, as far as they are old enough.",
    );
    expect(tokens).to.deep.include({ house: "token" });
    expect(remedies({})).to.deep.equal([]);
  });

  it("leads who has no identity to one", () => {
    const [first] = told({ identity: 0n, units: 0n });
    expect(first?.sentence).to.include("owns no operator that is in good standing, and is no voter");
    expect(remedies({ identity: 0n })).to.deep.equal(["operate"]);
  });

  it("leads to the sync that is missing", () => {
    expect(remedies({ recordedIdentity: 0n, units: 0n })).to.deep.equal(["sync"]);
    expect(remedies({ unitsAfterSync: 201n * UNIT })).to.deep.equal(["sync"]);
  });

  it("says that an identity was held too late for a proposal", () => {
    const [first] = told({ since: 2_001, units: 0n }, 2_000);
    expect(first?.sentence).to.include("after weights were taken");
    expect(told({ since: 2_000 }, 2_000)[0]?.sentence).to.include("200 units at");
  });

  it("names who votes with delegated units and tokens", () => {
    expect(remedies({ delegate: OTHER })).to.deep.equal(["units"]);
    expect(told({ tokenDelegate: OTHER, balance: MESH }).at(-1)?.sentence).to.equal(
      "The 1 MESH of this wallet are delegated to 0x3C44…93BC, who votes with them.",
    );
  });

  it("shows the trap of tokens that vote for nobody", () => {
    const { tokenDelegate: _, ...trapped } = { ...OPERATOR, balance: 5n * MESH };
    const last = weightReasons(trapped).at(-1);
    expect(last?.remedy).to.equal("tokens");
    expect(last?.sentence).to.include("The 5 MESH of this wallet vote for nobody");
    expect(weightReasons({ ...trapped, balance: 0n }).at(-1)?.remedy, "nothing to lose").to.equal(undefined);
  });
});

describe("unitsWhenAged", () => {
  it("is the root of stake and lock together, up to the cap", () => {
    expect(unitsWhenAged({ ...OPERATOR, locked: 8_400n * MESH }, RULES)).to.equal(220n * UNIT);
    expect(unitsWhenAged({ ...OPERATOR, stake: 5_000_000n * MESH }, RULES)).to.equal(1_000n * UNIT);
  });

  it("gives operators nothing below the least stake, and voters what they have", () => {
    expect(unitsWhenAged({ ...OPERATOR, stake: 9_999n * MESH }, RULES)).to.equal(0n);
    expect(unitsWhenAged({ ...OPERATOR, identity: NULLIFIER, stake: 0n, locked: 25n * MESH }, RULES)).to.equal(
      5n * UNIT,
    );
    expect(unitsWhenAged({ ...OPERATOR, identity: 0n }, RULES)).to.equal(0n);
  });
});

describe("isSyncUseful", () => {
  it("offers a sync for what people see, not for noise", () => {
    expect(isSyncUseful({ ...OPERATOR, unitsAfterSync: 200n * UNIT + 6n })).to.equal(false);
    expect(isSyncUseful({ ...OPERATOR, unitsAfterSync: 200n * UNIT + 10n ** 7n })).to.equal(true);
    expect(isSyncUseful({ ...OPERATOR, unitsAfterSync: 100n * UNIT })).to.equal(true);
    expect(isSyncUseful({ ...OPERATOR, identity: 0n })).to.equal(true);
    expect(isSyncUseful({ ...OPERATOR, identity: 0n, recordedIdentity: 0n, ownUnits: 0n })).to.equal(false);
  });
});

describe("rootOf", () => {
  it("rounds down, exactly", () => {
    for (const value of [0n, 1n, 2n, 3n, 4n, 8n, 10n ** 18n, 10n ** 27n - 1n, 2n ** 96n - 1n]) {
      const root = rootOf(value);
      expect(root * root <= value && (root + 1n) * (root + 1n) > value, `root of ${value}`).to.equal(true);
    }
  });
});

describe("identityWords", () => {
  it("tells operators from voters", () => {
    expect(identityWords(7n)).to.equal("operator 7");
    expect(identityWords(NULLIFIER)).to.equal("voter 0x100000000");
  });
});
