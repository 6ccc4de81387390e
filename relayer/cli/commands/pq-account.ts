import { mldsa65KeyRegistryAbi } from "@pqmesh/contracts/generated/mldsa65-key-registry-abi";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { SUPPORT, type Choice } from "@pqmesh/contracts/protocol/ballot";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import type { Command } from "commander";
import { encodeFunctionData, formatEther, keccak256 } from "viem";
import { accountRequest, describeAccountOrder, orderOf, readSignedAccountOrder } from "../account-request.ts";
import { meshArgument, readAttestationKeyFile } from "../arguments.ts";
import { ballotRequest, describeBallot } from "../ballot-request.ts";
import { readCallFacts } from "../call-facts.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { ABIS, contractOf } from "../contracts.ts";
import { meshFigure, meshText } from "../figures.ts";
import { chainTime } from "../governed.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { CliError, print, usageError } from "../output.ts";
import { accountAddress, type PqAccount, readPqAccount } from "../pq-account-state.ts";
import { findProposal, readStanding } from "../proposal-state.ts";
import { readDraft } from "../read-draft.ts";
import { deadlineOf, type RequestOptions, withRequest } from "../request-options.ts";
import { requireInTime } from "../signed-statement.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

type PrepareOptions = NetworkOptions & RequestOptions;

/** Adds `pqmesh pq-account …`: accounts that obey an ML-DSA-65 key and nothing else. */
export function addPqAccountCommands(program: Command): void {
  const account = withExample(
    program
      .command("pq-account")
      .description("accounts that obey a post-quantum key: create, prepare, sign (key sign), submit"),
    "pq-account create account.pub --wallet any.json --yes",
    "pq-account prepare vote account.pub 48120 for --out ballot.json",
    "key sign --request ballot.json --keystore account.json --out signed.json",
    "proposal submit-vote --signed signed.json --wallet any.json --yes",
  );

  withExample(withWallet(account.command("create")), "pq-account create account.pub --wallet any.json --dry-run")
    .description("make the account of a key, and register the key; any wallet may, the account obeys the key alone")
    .argument("<key>", "public key in hex (key create --purpose account --public-out)")
    .action(create);

  withExample(withNetwork(account.command("show")), "pq-account show account.pub", "pq-account show 0xACCOUNT --json")
    .description("print the address of an account, the key it obeys, and what it holds")
    .argument("<account>", "address, or file of the public key that it was made for")
    .action(show);

  addPrepareCommands(
    withExample(
      account.command("prepare").description("write what the key of an account signs as a file; it holds no secret"),
      "pq-account prepare lock account.pub 2500 --out order.json",
    ),
  );

  withExample(
    withWallet(account.command("submit")),
    "pq-account submit --signed signed.json --wallet any.json --dry-run",
    "pq-account submit --signed signed.json --wallet any.json --yes",
  )
    .description("send calls that an account's key has signed; any wallet may")
    .requiredOption("--signed <file>", "signed order (key sign)")
    .action(submit);
}

function addPrepareCommands(prepare: Command): void {
  withExample(withNetwork(prepare.command("vote")), "pq-account prepare vote account.pub 48120 for --out ballot.json")
    .description("a ballot on a proposal, good until voting ends")
    .argument("<account>", "address, or file of the public key that it was made for")
    .argument("<proposal>", "number of the proposal, or the first digits of it (proposal list)")
    .argument("<choice>", "for, against or abstain")
    .requiredOption("--out <file>", "request to write; never overwritten")
    .action(prepareVote);

  withExample(
    withRequest(withNetwork(prepare.command("calls"))),
    "pq-account prepare calls account.pub calls.json --out order.json",
  )
    .description("any calls from a file, all or none")
    .argument("<account>", "address, or file of the public key that it was made for")
    .argument("<file>", 'JSON: {"calls": [{"target", "value", "calldata"}]}')
    .action((text: string, file: string, options: PrepareOptions, command: Command) => {
      const { calls } = readDraft(file);
      return prepareCalls(text, () => calls, { options, command });
    });

  withExample(
    withRequest(withNetwork(prepare.command("lock"))),
    "pq-account prepare lock account.pub 2500 --out order.json",
  )
    .description("lock MESH of the account so that it counts in the identity house (votes lock)")
    .argument("<account>", "address, or file of the public key that it was made for")
    .argument("<amount>", "MESH, for example 2500")
    .action((text: string, amount: string, options: PrepareOptions, command: Command) => {
      const wei = meshArgument(amount);
      return prepareCalls(text, (session) => lockCalls(session, wei), { options, command });
    });
}

async function create(file: string, options: WalletOptions, command: Command): Promise<void> {
  const publicKey = readAttestationKeyFile(file);
  const session = await openWalletSession(options);
  const { account } = await accountAddress(session, file);
  const args = [keccak256(publicKey)] as const;
  const keys = { abi: mldsa65KeyRegistryAbi, address: session.network.contracts.MLDSA65KeyRegistry } as const;
  const isRegistered = await session.client.readContract({ ...keys, functionName: "isRegistered", args });
  await runCall(
    session,
    {
      ...{ contract: "PQAccountFactory", abi: ABIS.PQAccountFactory, functionName: "create", args: [publicKey] },
      sentence: `Make the account of the key ${args[0]}${isRegistered ? "" : ", and register the key"}.`,
      after: () => [`It is ${account}, and does what its key signs (pq-account prepare).`],
      preview: () => ({
        risks: ["Who loses the key loses the account, with all that it holds: keep a copy of the keystore."],
        figures: { account, keyId: args[0], isRegistered },
      }),
    },
    { options, command },
  );
}

async function show(text: string, options: NetworkOptions, command: Command): Promise<void> {
  const session = await openNetwork(options);
  const { account, keyId } = await accountAddress(session, text);
  const isThere = (await session.client.getCode({ address: account })) !== undefined;
  const state = isThere ? await readPqAccount(session, account) : null;
  const request = { functionName: "balanceOf", args: [account] } as const;
  const [mesh, coin] = await Promise.all([
    session.client.readContract({ ...contractOf(session, "MeshToken"), ...request }),
    session.client.getBalance({ address: account }),
  ]);
  const key = state?.keyId ?? keyId;
  const result = { account, isThere, keyId: key, nonce: state?.nonce ?? null, mesh: meshFigure(mesh), coinWei: coin };
  const rows = [
    `Account ${account}${isThere ? "" : ", not there yet (pq-account create)"}`,
    ...(key === null ? [] : [`  key    ${key} (keccak256)`]),
    ...(state ? [`  orders ${state.nonce}`] : []),
    `  holds  ${meshText(mesh)} and ${formatEther(coin)} ETH`,
    `  votes  "votes show ${account}" says what it weighs`,
  ];
  print(command, result, rows.join("\n"));
}

function lockCalls({ network }: Session, wei: bigint): GovernanceCall[] {
  const { MeshToken, QuadraticVotes } = network.contracts;
  const approve = { abi: ABIS.MeshToken, functionName: "approve", args: [QuadraticVotes, wei] } as const;
  const lock = { abi: ABIS.QuadraticVotes, functionName: "lock", args: [wei] } as const;
  return [
    { target: MeshToken, value: 0n, data: encodeFunctionData(approve) },
    { target: QuadraticVotes, value: 0n, data: encodeFunctionData(lock) },
  ];
}

async function prepareCalls(
  text: string,
  callsOf: (session: Session) => GovernanceCall[],
  { options, command }: { options: PrepareOptions; command: Command },
): Promise<void> {
  const session = await openNetwork(options);
  const { chainId } = session.network;
  const state = await readPqAccount(session, text);
  const deadline = deadlineOf(options, await chainTime(session));
  const request = accountRequest({ chainId, ...state }, { calls: callsOf(session), nonce: state.nonce, deadline });
  writeNewFile(options.out, `${JSON.stringify(request, null, 2)}\n`);
  const facts = await readCallFacts(session);
  const rows = [...describeAccountOrder(request, facts), taken(options.out)];
  print(command, { file: options.out, ...request }, rows.join("\n"));
}

async function prepareVote(
  ...[text, id, choice, options, command]: [string, string, string, PrepareOptions, Command]
): Promise<void> {
  if (!(choice in SUPPORT)) throw usageError(`choice is "${choice.slice(0, 40)}", it must be for, against or abstain`);
  const session = await openNetwork(options);
  const [state, made] = [await readPqAccount(session, text), await findProposal(session, id)];
  const standing = await readStanding(session, made);
  if (standing.state !== "pending" && standing.state !== "active") {
    throw new CliError(`proposal ${shortId(made.proposalId)} is ${standing.state}, so it cannot be voted on`);
  }
  const request = ballotRequest({
    ...{ chainId: session.network.chainId, governor: session.network.contracts.MeshGovernor },
    ...{ proposalId: `${made.proposalId}`, choice: choice as Choice, voter: state.account, keyId: state.keyId },
    ...{ nonce: `${await ballotNonce(session, state)}`, deadline: Number(standing.voteEnd) },
  });
  writeNewFile(options.out, `${JSON.stringify(request, null, 2)}\n`);
  print(command, { file: options.out, ...request }, [...describeBallot(request), taken(options.out)].join("\n"));
}

function ballotNonce(session: Session, { account }: Pick<PqAccount, "account">): Promise<bigint> {
  const request = { functionName: "nonces", args: [account] } as const;
  return session.client.readContract({ ...contractOf(session, "MeshGovernor"), ...request });
}

function taken(file: string): string {
  return `${file}: take it to the account's key (key sign); it holds no secret.`;
}

async function submit(options: WalletOptions & { signed: string }, command: Command): Promise<void> {
  const signed = readSignedAccountOrder(options.signed);
  const session = await openWalletSession(options);
  if (signed.chainId !== session.network.chainId) {
    throw usageError(
      `this was signed for chain ${signed.chainId}, network.json is for chain ${session.network.chainId}`,
    );
  }
  const state = await readPqAccount(session, signed.account);
  requireInTime(signed.deadline, await chainTime(session));
  if (BigInt(signed.nonce) !== state.nonce) {
    throw new CliError(`this is order ${signed.nonce} of the account, whose next is ${state.nonce}: prepare it again`);
  }
  const { calls, deadline } = orderOf(signed);
  const rows = describeAccountOrder(signed, await readCallFacts(session));
  await runCall(
    session,
    {
      ...{ contract: "PQAccount", address: state.account, abi: ABIS.PQAccount, functionName: "execute" },
      args: [calls, deadline, signed.signature],
      sentence: `Send order ${signed.nonce} of account ${state.account}.`,
      after: () => ["The account made its calls, all of them."],
      preview: () => ({ gets: rows, figures: { account: state.account, nonce: signed.nonce } }),
    },
    { options, command },
  );
}
