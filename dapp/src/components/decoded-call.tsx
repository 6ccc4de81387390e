import type { DecodedCall } from "@pqmesh/contracts/protocol/decode-call";
import type { ReactNode } from "react";
import type { RunCall } from "../lib/call-preview.ts";
import { formatCount } from "../lib/format.ts";
import { Copyable } from "./copyable.tsx";
import { Icon } from "./icon.tsx";

/** One call of a proposal: its sentence, what must be known of it, what it would do, and its raw parts. */
export function DecodedCallCard({
  call,
  number,
  result,
}: {
  call: DecodedCall;
  /** Its place, as in "2." or "2.1.". */
  number: string;
  /** What it would do; absent for calls within calls, and when nothing was run. */
  result?: RunCall | undefined;
}): ReactNode {
  return (
    <li className="border-line grid gap-1.5 border-l-2 pl-3" data-call={number}>
      <p className="font-medium">
        <span className="text-muted mr-1.5 font-normal">{number}</span>
        {call.sentence}
      </p>
      {call.warnings.map((warning) => (
        <p key={warning} className="text-warn flex gap-1.5 text-sm">
          <Icon name="warning" />
          <span className="min-w-0">{warning}</span>
        </p>
      ))}
      {result && <Result result={result} />}
      <RawCall call={call} />
      {call.calls.length > 0 && (
        <ol className="grid gap-3 pt-1">
          {call.calls.map((inner, i) => (
            <DecodedCallCard key={i} call={inner} number={`${number}${i + 1}.`} />
          ))}
        </ol>
      )}
    </li>
  );
}

function Result({ result: { gasUsed, refusal, events } }: { result: RunCall }): ReactNode {
  if (refusal !== undefined) {
    return (
      <p className="text-bad text-sm">
        <strong>Would fail.</strong> {refusal}
      </p>
    );
  }
  return (
    <div className="text-muted text-sm">
      <span className="text-ok">Would succeed</span>, {formatCount(gasUsed)} gas
      {events.length > 0 && (
        <details>
          <summary>{events.length === 1 ? "One event" : `${events.length} events`} would come</summary>
          <ul className="grid gap-1 pt-1">
            {events.map((text, i) => (
              <li key={i} className="font-mono text-xs break-words">
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function RawCall({ call: { target, contract, signature, args, value, data } }: { call: DecodedCall }): ReactNode {
  return (
    <details className="text-muted text-sm">
      <summary>Contract, function and arguments</summary>
      <dl className="bg-well mt-1 grid gap-x-4 gap-y-1 rounded-lg p-3 sm:grid-cols-[auto_1fr]">
        <dt>Target</dt>
        <dd className="text-ink min-w-0">
          {contract ?? "unknown"} <Copyable value={target} label="target" />
        </dd>
        {signature && (
          <>
            <dt>Function</dt>
            <dd className="text-ink min-w-0 font-mono text-xs break-all">{signature}</dd>
          </>
        )}
        {args.map(({ name, text }, i) => (
          <div key={i} className="contents">
            <dt>{name}</dt>
            <dd className="text-ink min-w-0 break-words">{text}</dd>
          </div>
        ))}
        {value > 0n && (
          <>
            <dt>Value</dt>
            <dd className="text-ink">{formatCount(value)} wei</dd>
          </>
        )}
        <dt>Calldata</dt>
        <dd className="text-ink min-w-0">
          {data === "0x" ? "none" : <Copyable value={data} label="calldata" lead={10} tail={8} />}
        </dd>
      </dl>
    </details>
  );
}
