import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { type Connector, useConnect, useConnectors } from "wagmi";
import { useNetwork } from "../hooks/use-network.ts";
import { explainError } from "../lib/error-sentences.ts";
import { walletChoices } from "../lib/wallet-choices.ts";
import { Icon } from "./icon.tsx";
import { ModalContent } from "./modal-content.tsx";
import { Notice } from "./notice.tsx";

/** The choice of wallets, open. */
export function WalletChoiceDialog({ onClose }: { onClose: () => void }): ReactNode {
  const [problem, setProblem] = useState<string>();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <ModalContent title="Connect a wallet" description="Nothing is signed and nothing is sent by connecting.">
        {problem && <Notice tone="warn">{problem}</Notice>}
        <WalletList onConnected={onClose} onProblem={setProblem} />
      </ModalContent>
    </Dialog.Root>
  );
}

function WalletList({
  onConnected,
  onProblem,
}: {
  onConnected: () => void;
  onProblem: (sentence: string | undefined) => void;
}): ReactNode {
  const { config } = useNetwork();
  const connectors = useConnectors();
  const connect = useConnect();
  const [asked, setAsked] = useState<string>();
  const choices = walletChoices(connectors, "ethereum" in window);
  const choose = (connector: Connector): void => {
    onProblem(undefined);
    setAsked(connector.uid);
    connect.mutate(
      { connector },
      {
        onSuccess: onConnected,
        onError: (error) => {
          const { declined, sentence } = explainError(error);
          onProblem(declined ? "You declined in the wallet. Choose again when you are ready." : sentence);
        },
        onSettled: () => setAsked(undefined),
      },
    );
  };
  if (choices.length === 0) {
    return (
      <p className="text-muted">
        No wallet was found in this browser. Install any wallet that supports EIP-6963 and reload this page. All of{" "}
        {config.name} can be read and verified without one.
      </p>
    );
  }
  return (
    <ul className="grid gap-2">
      {choices.map((connector) => (
        <li key={connector.uid}>
          <button
            type="button"
            className="button w-full justify-start py-2.5"
            disabled={asked !== undefined}
            onClick={() => choose(connector)}
          >
            {connector.icon ? (
              <img src={connector.icon.trim()} alt="" className="size-7 rounded-md" />
            ) : (
              <Icon name="wallet" size={26} />
            )}
            <span className="flex-1 text-left">{connector.id === "injected" ? "Browser wallet" : connector.name}</span>
            {asked === connector.uid && <span className="text-muted text-sm">answer in the wallet …</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
