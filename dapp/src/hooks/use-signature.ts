import { useMutation } from "@tanstack/react-query";
import type { Hex, TypedDataDefinition } from "viem";
import { useConfig, useConnection } from "wagmi";
import { signTypedData } from "wagmi/actions";
import { explainError } from "../lib/error-sentences.ts";

/** A statement that a wallet signs and that is handed over as a file; nothing is sent. */
export interface SignatureRequest {
  sign: (statement: TypedDataDefinition, onSigned: (signature: Hex) => void) => void;
  isPending: boolean;
  isDone: boolean;
  problem?: string;
}

/** Asks the wallet to sign a statement that goes into a file. */
export function useSignature(): SignatureRequest {
  const wagmi = useConfig();
  const { address } = useConnection();
  const request = useMutation({
    mutationFn: async ({
      statement,
      onSigned,
    }: {
      statement: TypedDataDefinition;
      onSigned: (signed: Hex) => void;
    }) => {
      if (!address) throw new Error("not connected");
      onSigned(await signTypedData(wagmi, { ...statement, account: address }));
    },
  });
  const { error } = request;
  return {
    sign: (statement, onSigned) => request.mutate({ statement, onSigned }),
    isPending: request.isPending,
    isDone: request.isSuccess,
    ...(error && { problem: explainError(error).sentence }),
  };
}
