import { expect } from "chai";
import { testAccount } from "../../helpers/anvil.ts";
import { addNodes, freshPublicKeys } from "../../helpers/test-network.ts";
import { type CliNetwork, startCliNetwork } from "./support/cli-network.ts";

const HASH = `0x${"e1".repeat(32)}`;
const ERROR = "node 7 does not exist; nodes 0 to 1 do";

describe("requireKnownNode", function () {
  this.timeout(60_000);

  let network: CliNetwork;

  before(async () => {
    network = await startCliNetwork({ isHere: true });
    await addNodes(network, freshPublicKeys(2));
  });
  after(() => network.stop());

  /** Runs commands, words parted by blanks, about a node that does not exist. */
  async function expectRefusals(commands: readonly string[], ...more: string[]): Promise<void> {
    for (const command of commands) {
      const { status, json } = await network.run(...command.split(" "), ...more);
      expect([status, json()], command).to.deep.equal([1, { error: ERROR, exitCode: 1 }]);
    }
  }

  it("says to who reads which nodes there are", async () => {
    await expectRefusals([
      ...["node show 7", "trust 7", "stake show 7", "jail show 7", "commission show 7", "delegation show 7"],
      ...["rewards show --node 7", "slash show --node 7", "attestation verify 7 1"],
      `delegation show 7 --delegator ${testAccount(6).address}`,
    ]);
  });

  it("says the same to who orders by a root key", async () => {
    await expectRefusals(
      ["unbond 7 5", "withdraw 7 5", "exit-node 7"].map((order) => `root-order prepare ${order}`),
      ...["--out", network.file("order.json")],
    );
  });

  it("says the same to who sends", async () => {
    const journal = `--journal ${network.file("journal.sqlite")}`;
    await expectRefusals(
      [
        ...["stake add 7 5", "stake unbond 7 5", "stake cancel 7 0", "stake withdraw 7", "stake deactivate 7"],
        ...["delegate 7 5", "undelegate 7 5", "delegation withdraw 7", "delegation cancel 7 0"],
        ...[`slash propose 7 0 --share 5 --evidence ${HASH}`, "slash downtime 7", "unjail 7"],
        ...["operator exit-node 7", "commission set 7 5", "rewards claim --node 7", "rewards claim-and-stake --node 7"],
        ...["challenge 7 1", "prove-invalid 7 1", `self-attest 7 ${journal}`, `prove-omission 7 1 ${journal}`],
      ],
      ...["--wallet", network.file("owner.json"), "--yes"],
    );
  });
});
