import { expect } from "chai";
import type { MemberSignatures, SignedProposal } from "../../../relayer/src/committee/messages.ts";
import { PeerRefusal } from "../../../relayer/src/committee/peer-client.ts";
import { proposeWhenBegun } from "../../../relayer/src/committee/round-leader.ts";

const PROPOSAL = {} as SignedProposal;
const SIGNATURES = {} as MemberSignatures;

/** A member that answers with these refusals first, one for each call. */
function memberRefusing(refusals: Error[]) {
  const asked: number[] = [];
  const left = [...refusals];
  const propose = (_: SignedProposal, timeoutMs: number) => {
    asked.push(timeoutMs);
    const refusal = left.shift();
    return refusal ? Promise.reject(refusal) : Promise.resolve(SIGNATURES);
  };
  return { asked, propose };
}

const behind = () => new PeerRefusal("round-not-begun", "round 1 of epoch 9 has not begun");

describe("proposeWhenBegun", () => {
  it("asks a member again whose chain is a block behind, within the time there is", async () => {
    const member = memberRefusing([behind(), behind()]);
    expect(await proposeWhenBegun(member, PROPOSAL, 5_000)).to.equal(SIGNATURES);
    expect(member.asked).to.have.length(3);
    expect(member.asked[2], "time left for the last call").to.be.below(member.asked[0]!);
  });

  it("gives up when the time is over", async () => {
    const member = memberRefusing(Array.from({ length: 50 }, behind));
    const error = await proposeWhenBegun(member, PROPOSAL, 400).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(PeerRefusal);
    expect(member.asked.length).to.be.within(1, 3);
  });

  it("asks once when the member refuses for another reason", async () => {
    for (const refusal of [new PeerRefusal("wrong-root", "root differs"), new Error("socket hang up")]) {
      const member = memberRefusing([refusal]);
      expect(await proposeWhenBegun(member, PROPOSAL, 5_000).catch((reason: unknown) => reason)).to.equal(refusal);
      expect(member.asked).to.have.length(1);
    }
  });
});
