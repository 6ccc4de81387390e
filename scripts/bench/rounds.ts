import { parseEther } from "ethers";
import { deployEconomy } from "./economy-stage.ts";

/** Gas of whole transactions of a round of grants with ten options; `result` is read, and costs as much when a contract reads it. */
export interface RoundGas {
  open: number;
  voteFirst: number;
  change: number;
  result: number;
}

const DAY = 86_400;
const OPTIONS = 10;
const GRANTS = 0;
const CREDITS = 100;

/** Opens a season with a round, votes for three options as an operator, changes two of them, and reads the result. */
export async function measureRounds(): Promise<RoundGas> {
  const { connection, instances, contracts, timelock, operator, send } = await deployEconomy();
  const { QuadraticRound: rounds, QuadraticVotes: votes } = instances;
  const { time } = connection.networkHelpers;
  await time.increase(15 * DAY);
  await send(votes, operator, "sync", [1n]);
  const startsAt = (await time.latest()) + DAY;
  await send(rounds, timelock, "openSeason", [1, [startsAt, startsAt + 7 * DAY, CREDITS, 0]]);
  const terms = [1, GRANTS, 0, 1, contracts.MeshToken, parseEther("100000")];
  const options = Array.from({ length: OPTIONS }, (_, i) => {
    return [`0x${(i + 1).toString(16).padStart(40, "0")}`, parseEther("20000"), "0x"];
  });
  const open = await send(rounds, timelock, "openRound", [terms, options, "Grants of spring"]);
  await time.increaseTo(startsAt);
  const vote = (choices: [number, number][]): Promise<number> => send(rounds, operator, "vote", [1, choices]);
  const voteFirst = await vote([
    [0, 5],
    [3, 5],
    [7, 4],
  ]);
  const change = await vote([
    [0, 2],
    [7, 6],
  ]);
  await time.increaseTo(startsAt + 7 * DAY);
  const result = Number(await rounds.getFunction("resultOf").estimateGas(1));
  return { open, voteFirst, change, result };
}
