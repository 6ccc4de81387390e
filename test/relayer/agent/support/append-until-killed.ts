import { Journal } from "../../../../relayer/src/agent/journal.ts";
import { AttestingNode } from "../../../helpers/attesting-node.ts";
import { FixedChainView } from "../../../helpers/fixed-chain-view.ts";

/** Child process of the journal's tests: enters attestations and says so, until it is killed. */
const journal = new Journal(process.argv[2] ?? "");
const node = AttestingNode.registeredIn(new FixedChainView(), 7);
for (let epoch = 101; ; epoch++) {
  const made = node.attest(epoch);
  journal.append(made, made.digest);
  process.stdout.write(`${made.attestation.sequence} ${made.digest}\n`);
}
