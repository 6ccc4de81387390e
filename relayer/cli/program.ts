import { Command } from "commander";
import { VERSION } from "../src/version.ts";
import { addAgentCommands } from "./commands/agent.ts";
import { addAttestationCommands } from "./commands/attestation.ts";
import { addBondCommands } from "./commands/bond.ts";
import { addCertificateCommands } from "./commands/certificate.ts";
import { addCommissionCommands } from "./commands/commission.ts";
import { addCommitteeCommands } from "./commands/committee.ts";
import { addCreditCommands } from "./commands/credit.ts";
import { addDelegateCommands } from "./commands/delegate.ts";
import { addDelegationCommands } from "./commands/delegation.ts";
import { addDisputeCommands } from "./commands/dispute.ts";
import { addEmissionsCommands } from "./commands/emissions.ts";
import { addIndexerCommands } from "./commands/indexer.ts";
import { addJanitorCommand } from "./commands/janitor.ts";
import { addJailCommands } from "./commands/jail.ts";
import { addKeyCommands } from "./commands/key.ts";
import { addLeaseCommands } from "./commands/lease.ts";
import { addListingCommands } from "./commands/listing.ts";
import { addLockCommands } from "./commands/lock.ts";
import { addNetworkCommands } from "./commands/network.ts";
import { addOperatorCommands } from "./commands/operator.ts";
import { addParametersCommand } from "./commands/parameters.ts";
import { addPauseCommands } from "./commands/pause.ts";
import { addPqAccountCommands } from "./commands/pq-account.ts";
import { addProposalCommands } from "./commands/proposal.ts";
import { addRelayerCommands } from "./commands/relayer.ts";
import { addRewardsCommands } from "./commands/rewards.ts";
import { addRootOrderCommands } from "./commands/root-order.ts";
import { addRoundCommands } from "./commands/round.ts";
import { addSelfProofCommands } from "./commands/self-proof.ts";
import { addSlashCommands } from "./commands/slash.ts";
import { addStakeCommands } from "./commands/stake.ts";
import { addTrustCommand } from "./commands/trust.ts";
import { addUnlocksCommand } from "./commands/unlocks.ts";
import { addVestingCommands } from "./commands/vesting.ts";
import { addVotesCommands } from "./commands/votes.ts";
import { addVoucherCommands } from "./commands/voucher.ts";
import { withExample, withExitCodes, withPasswordHelp } from "./help.ts";
import { throwUsageMistakes } from "./usage-mistakes.ts";

/** Builds the whole command line. @param isJson Whether `--json` was given: then nothing but one object is printed. */
export function createProgram({ isJson }: { isJson: boolean }): Command {
  const program = new Command("pqmesh")
    .description("Command line of PQMesh: agents, relayers, keys, certificates, operators, stake economy and proofs")
    .version(VERSION)
    .configureHelp({ showGlobalOptions: true })
    .option("--json", "print one JSON object instead of text; an error is {error, exitCode}");
  withPasswordHelp(withExample(program, "network status", "stake add 3 20000 --wallet owner.json --dry-run"));
  addAgentCommands(program);
  addRelayerCommands(program);
  addKeyCommands(program);
  addCertificateCommands(program);
  addOperatorCommands(program);
  addStakeCommands(program);
  addDelegateCommands(program);
  addDelegationCommands(program);
  addCommissionCommands(program);
  addRewardsCommands(program);
  addUnlocksCommand(program);
  addSlashCommands(program);
  addJailCommands(program);
  addCommitteeCommands(program);
  addVestingCommands(program);
  addEmissionsCommands(program);
  addParametersCommand(program);
  addProposalCommands(program);
  addVotesCommands(program);
  addRoundCommands(program);
  addPqAccountCommands(program);
  addPauseCommands(program);
  addLockCommands(program);
  addRootOrderCommands(program);
  addNetworkCommands(program);
  addTrustCommand(program);
  addAttestationCommands(program);
  addDisputeCommands(program);
  addSelfProofCommands(program);
  addListingCommands(program);
  addLeaseCommands(program);
  addVoucherCommands(program);
  addBondCommands(program);
  addCreditCommands(program);
  addJanitorCommand(program);
  addIndexerCommands(program);
  withExitCodes(program);
  throwUsageMistakes(program, { showsHelp: !isJson });
  return program;
}
