import type { Command } from "commander";
import { type Address, formatEther, type Hex } from "viem";
import { addressArgument, meshArgument, naturalArgument, readAttestationKeyFile } from "../arguments.ts";
import { findEvents } from "../chain-history.ts";
import {
  type CommitteeState,
  readCommittee,
  readRelayer,
  readTerms,
  type RelayerState,
  standingText,
} from "../committee-state.ts";
import { ABIS } from "../contracts.ts";
import { durationText, meshFigure, meshText, momentText, timeFigure } from "../figures.ts";
import { withExample } from "../help.ts";
import { CliError, usageError } from "../output.ts";
import { runTimelockCall } from "../timelock-call.ts";
import {
  openWalletSession,
  type PlannedCall,
  type Preview,
  runCall,
  type WalletOptions,
  type WalletSession,
  withWallet,
} from "../transaction.ts";

const MAX_ENDPOINT_BYTES = 256;

/** Adds what a relayer does about its bond and its seat. */
export function addCommitteeSeatCommands(committee: Command): void {
  withExample(
    withWallet(committee.command("join")),
    "committee join --key relayer.pub --endpoint https://relayer.example.org --wallet relayer.json --dry-run",
    "committee join --wallet relayer.json --yes",
  )
    .description("take the next step to a seat: bond, then, once the DAO admitted you and the delay is over, be seated")
    .option("--key <file>", "public ML-DSA-65 key that signs reports, as hex (key create --purpose report)")
    .option("--endpoint <url>", "where the relayer is reached")
    .option("--amount <mesh>", "bond in MESH; default: the smallest that is allowed")
    .action(join);

  withExample(withWallet(committee.command("bond")), "committee bond 5000 --wallet relayer.json --yes")
    .description("add to the bond of a relayer")
    .argument("<amount>", "MESH, for example 5000")
    .option("--endpoint <url>", "a new place where the relayer is reached; default: as before")
    .action(addToBond);

  withExample(
    withWallet(committee.command("exit")),
    "committee exit --wallet relayer.json --dry-run",
    "committee exit --wallet relayer.json --yes",
  )
    .description("take the next step out: leave the queue, resign, vacate the seat, or ask for the bond back")
    .action(exit);

  withExample(withWallet(committee.command("withdraw")), "committee withdraw --wallet relayer.json --yes")
    .description("withdraw the bond, once it is free")
    .action(withdrawBond);

  withExample(
    withWallet(committee.command("admit")),
    "committee admit 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --region 1 --wallet proposer.json --yes",
  )
    .description("put a bonded relayer into the queue for seats; a proposer of the DAO's timelock sends")
    .argument("<relayer>", "wallet of the relayer")
    .option("--region <number>", "its region, of which only a share of the seats may be; 0: not stated", "0")
    .action(admit);
}

type CommitteeCall = Omit<PlannedCall, "contract" | "abi">;

const runCommitteeCall = (
  session: WalletSession,
  plan: CommitteeCall,
  target: { options: WalletOptions; command: Command },
): Promise<void> => runCall(session, { contract: "RelayerCommittee", abi: ABIS.RelayerCommittee, ...plan }, target);

interface JoinOptions extends WalletOptions {
  key?: string;
  endpoint?: string;
  amount?: string;
}

async function join(options: JoinOptions, command: Command): Promise<void> {
  const key = options.key === undefined ? undefined : readAttestationKeyFile(options.key);
  const endpoint = options.endpoint === undefined ? undefined : endpointArgument(options.endpoint);
  const amount = options.amount === undefined ? undefined : meshArgument(options.amount, { name: "--amount" });
  const session = await openWalletSession(options);
  const state = await readCommittee(session);
  const relayer = await readRelayer(session, session.account.address, state);
  if (relayer.standing === "unknown") {
    if (!key || !endpoint) throw usageError("a new relayer needs --key FILE and --endpoint URL");
    return runCommitteeCall(session, await bondPlan(session, { key, endpoint, amount }), { options, command });
  }
  const isNext = relayer.standing === "queued" && relayer.joinableAt <= state.now;
  if (!isNext) throw new CliError(`${relayer.address} ${standingText(relayer, state.now)}`);
  await runCommitteeCall(session, seatPlan(state, relayer), { options, command });
}

function endpointArgument(text: string): string {
  const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isUrl && Buffer.byteLength(text) <= MAX_ENDPOINT_BYTES) return text;
  throw usageError(`--endpoint must be an http(s) URL of at most ${MAX_ENDPOINT_BYTES} bytes`);
}

async function bondPlan(
  session: WalletSession,
  { key, endpoint, amount }: { key: Hex; endpoint: string; amount: bigint | undefined },
): Promise<CommitteeCall> {
  const terms = await readTerms(session);
  const wei = amount ?? terms.bond;
  if (wei < terms.bond) {
    throw new CliError(`a seat takes a bond of ${formatEther(terms.bond)} MESH, --amount is ${formatEther(wei)}`);
  }
  return {
    ...{ functionName: "bond", args: [wei, key, endpoint], takes: wei },
    sentence: `Bond ${formatEther(wei)} MESH as a relayer at ${endpoint}.`,
    after: () => [
      "The DAO can now admit this relayer to the queue (committee admit).",
      `From there it takes ${durationText(terms.joinDelay)} and a free seat: committee join again.`,
      "Its ML-DSA-65 key never changes.",
    ],
    preview: () => bondPreview(wei, terms),
  };
}

function bondPreview(wei: bigint, terms: Awaited<ReturnType<typeof readTerms>>): Preview {
  return {
    gets: [
      `With a seat: half of ${meshText(terms.fee)} for each report in your turn, and a part of the rest for each you sign.`,
    ],
    unlocks: [
      `${durationText(terms.resignNotice)} of notice, two epochs, and ${durationText(terms.releaseDelay)} after you leave (committee exit).`,
    ],
    risks: [
      "A report that you sign and that is wrong costs a large part of the bond, and bars you for ever.",
      "A member that signs nothing for long loses its seat, but no bond.",
    ],
    figures: {
      ...{ bond: meshFigure(wei), minimum: meshFigure(terms.bond), fee: meshFigure(terms.fee) },
      ...{ noticeSeconds: terms.resignNotice, releaseSeconds: terms.releaseDelay, joinSeconds: terms.joinDelay },
    },
  };
}

function seatPlan({ latestVersion }: CommitteeState, { queuePosition }: RelayerState): CommitteeCall {
  return {
    ...{ functionName: "fillSeats", args: [] },
    sentence: "Seat the candidates whose time has come.",
    after: () => [
      `Committee ${latestVersion + 1} follows two epochs later; you were at place ${queuePosition} of the queue.`,
      "A region with all its seats waits: look at committee show.",
    ],
  };
}

async function addToBond(
  amount: string,
  options: WalletOptions & { endpoint?: string },
  command: Command,
): Promise<void> {
  const wei = meshArgument(amount);
  const named = options.endpoint === undefined ? undefined : endpointArgument(options.endpoint);
  const session = await openWalletSession(options);
  const state = await readCommittee(session);
  const relayer = await readRelayer(session, session.account.address, state);
  if (relayer.standing === "unknown") {
    throw new CliError(`${relayer.address} ${standingText(relayer, state.now)}`);
  }
  const [endpoint, terms] = await Promise.all([named ?? newestEndpoint(session, relayer.address), readTerms(session)]);
  await runCommitteeCall(
    session,
    {
      ...{ functionName: "bond", args: [wei, "0x", endpoint], takes: wei },
      sentence: `Add ${formatEther(wei)} MESH to the bond.`,
      after: () => [`The bond is ${meshText(relayer.bond + wei)}, ${meshText(relayer.bond)} before.`],
      preview: () => bondPreview(relayer.bond + wei, terms),
    },
    { options, command },
  );
}

async function newestEndpoint(session: WalletSession, relayer: Address): Promise<string> {
  const find = (eventName: string) =>
    findEvents<{ endpoint: string }>(session, { contract: "RelayerCommittee", eventName, args: { relayer } });
  const events = [...(await find("RelayerBonded")), ...(await find("EndpointSet"))];
  const newest = events.sort((a, b) => Number(a.blockNumber - b.blockNumber)).at(-1);
  if (!newest) throw usageError("name the relayer's place with --endpoint");
  return newest.endpoint;
}

async function exit(options: WalletOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const state = await readCommittee(session);
  const relayer = await readRelayer(session, session.account.address, state);
  const terms = await readTerms(session);
  await runCommitteeCall(session, exitPlan(state, { relayer, terms }), { options, command });
}

/** The next step of a relayer that leaves. @throws CliError when there is none now, with what it waits for. */
function exitPlan(
  { now, latestMembers }: CommitteeState,
  { relayer, terms }: { relayer: RelayerState; terms: Awaited<ReturnType<typeof readTerms>> },
): CommitteeCall {
  const { standing, address, vacatableAt, bond } = relayer;
  const [noticeEnd, free] = [now + terms.resignNotice, now + terms.releaseDelay];
  if (standing === "queued") {
    return {
      ...{ functionName: "dismiss", args: [address], sentence: "Leave the queue for a seat." },
      after: () => ["The bond stays; committee exit once more asks for it back."],
    };
  }
  if (standing === "seated") {
    return {
      ...{ functionName: "resign", args: [], sentence: "Resign from the committee." },
      after: () => [
        `From ${momentText(noticeEnd, now)} on anyone can vacate the seat (committee exit).`,
        "Until then the relayer has to sign as before.",
      ],
      preview: () => ({ figures: { vacatable: timeFigure(noticeEnd, now) } }),
    };
  }
  if (standing === "resigned" && vacatableAt <= now) {
    return {
      ...{ functionName: "vacateSeat", args: [address], sentence: "Vacate the seat." },
      after: () => [
        `A committee of ${latestMembers.length - 1} seats follows two epochs later; one below the minimum has no seats at all.`,
        "Then committee exit asks for the bond back.",
      ],
    };
  }
  const canAsk = standing === "bonded" || standing === "jailed" || standing === "barred";
  if (!canAsk) throw new CliError(`${address} ${standingText(relayer, now)}`);
  return {
    ...{ functionName: "requestBondRelease", args: [], sentence: "Ask for the bond back." },
    after: () => [`${meshText(bond)} can be withdrawn from ${momentText(free, now)} on (committee withdraw).`],
    preview: () => ({
      gets: [`${meshText(bond)}, your bond.`],
      unlocks: [momentText(free, now)],
      risks: ["Until then it stays slashable for what you signed."],
      figures: { bond: meshFigure(bond), release: timeFigure(free, now) },
    }),
  };
}

async function withdrawBond(options: WalletOptions, command: Command): Promise<void> {
  const session = await openWalletSession(options);
  const { address } = session.account;
  const { bond } = await readRelayer(session, address, await readCommittee(session));
  await runCommitteeCall(
    session,
    {
      ...{ functionName: "withdrawBond", args: [], sentence: `Withdraw the bond of ${meshText(bond)}.` },
      after: () => [`${meshText(bond)} are with ${address}.`],
      preview: () => ({ gets: [`${meshText(bond)}, your bond.`], figures: { bond: meshFigure(bond) } }),
    },
    { options, command },
  );
}

async function admit(
  relayerText: string,
  options: WalletOptions & { region: string },
  command: Command,
): Promise<void> {
  const address = addressArgument("relayer", relayerText);
  const region = naturalArgument("--region", options.region);
  const session = await openWalletSession(options);
  const [state, terms] = await Promise.all([readCommittee(session), readTerms(session)]);
  await runTimelockCall(
    session,
    {
      ...{ contract: "RelayerCommittee", abi: ABIS.RelayerCommittee, functionName: "admit", args: [address, region] },
      sentence: `Admit ${address} to the queue for a seat${region === 0 ? "" : `, region ${region}`}.`,
      after: () => [
        `It waits at place ${state.queue.length + 1} and can be seated ${durationText(terms.joinDelay)} later (committee join).`,
      ],
    },
    { options, command },
  );
}
