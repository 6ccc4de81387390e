import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import {
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  HttpRequestError,
  InsufficientFundsError,
  RpcRequestError,
  TimeoutError,
} from "viem";
import { EXIT_CODES } from "../src/service/exit-codes.ts";
import { exitCodeOf, sentenceOf } from "../src/service/run-service.ts";
import { refusalSentence } from "./contract-refusal.ts";
import { CliError } from "./output.ts";

/** One sentence and an exit code for anything that a command can throw. */
export function failureOf(error: unknown): CliError {
  if (error instanceof CliError) return error;
  return chainFailure(error) ?? new CliError(sentenceOf(error), exitCodeOf(error), { cause: error });
}

/** Scheme, host and port of a URL: its path and user may hold an access key, so nothing else of it is ever shown. */
export function shownUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "the given URL";
}

/** Name of the custom error with which a contract reverted, if that is what happened. */
export function revertName(error: unknown): string | undefined {
  return error instanceof BaseError ? find(error, ContractFunctionRevertedError)?.data?.errorName : undefined;
}

function chainFailure(error: unknown): CliError | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const reverted = find(error, ContractFunctionRevertedError);
  if (reverted?.data) {
    const { errorName, args = [] } = reverted.data;
    return new CliError(refusalSentence(errorName, args), EXIT_CODES.failure, { cause: error });
  }
  const silent = find(error, HttpRequestError) ?? find(error, TimeoutError);
  if (silent) return unreachable(error, silent);
  if (find(error, ContractFunctionZeroDataError)) {
    const sentence = "the chain has no such contract at the address of network.json: is it of another deployment?";
    return new CliError(sentence, EXIT_CODES.usage, { cause: error });
  }
  if (find(error, InsufficientFundsError)) {
    return new CliError("the wallet cannot pay for the gas", EXIT_CODES.failure, { cause: error });
  }
  const refused = find(error, RpcRequestError);
  const sentence = refused ? `the chain node refuses: ${firstLine(refused.details)}` : firstLine(error.shortMessage);
  return new CliError(sentence, EXIT_CODES.failure, { cause: error });
}

function unreachable(error: BaseError, silent: HttpRequestError | TimeoutError): CliError {
  const url = silent instanceof HttpRequestError ? shownUrl(silent.url) : "";
  const reason = silent instanceof TimeoutError ? "no answer in time" : reasonOf(silent);
  const sentence = `the chain node ${url} does not answer (${reason})`.replace("  ", " ");
  return new CliError(sentence, EXIT_CODES.unreachable, { cause: error });
}

/** HTTP status, what is wrong with the answer, or the code of the socket's error. */
function reasonOf(error: HttpRequestError): string {
  if (error.status) return `HTTP status ${error.status}`;
  if (error.cause instanceof SyntaxError) return "its answer is not JSON";
  const coded = error.walk((cause) => typeof (cause as { code?: unknown }).code === "string");
  return coded ? String((coded as unknown as { code: string }).code) : "no connection";
}

function find<T>(error: BaseError, type: abstract new (...args: never[]) => T): T | undefined {
  const found = error.walk((cause) => cause instanceof type);
  return found instanceof type ? found : undefined;
}

/** With nothing that commands a terminal: contracts and chain nodes say what they like. */
function firstLine(text: string): string {
  return visibleText(text.split("\n")[0] ?? "");
}
