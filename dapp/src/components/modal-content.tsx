import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Icon } from "./icon.tsx";

/** The inside of a dialog: title, description, content; a sheet from below on a phone. Closed, it gives the focus back. */
export function ModalContent({
  title,
  description,
  keepOpen = false,
  children,
}: {
  title: string;
  description?: string;
  /** A click beside the dialog does not close it. */
  keepOpen?: boolean;
  children: ReactNode;
}): ReactNode {
  const [opener] = useState(() => document.activeElement);
  const giveFocusBack = (event: Event): void => {
    event.preventDefault();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
  return (
    <Dialog.Portal>
      <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45 backdrop-blur-[2px]" />
      <Dialog.Content
        className="panel fixed inset-x-0 bottom-0 z-50 grid max-h-[92dvh] gap-4 overflow-y-auto p-5 max-sm:rounded-b-none sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-[30rem] sm:-translate-x-1/2 sm:-translate-y-1/2"
        onCloseAutoFocus={giveFocusBack}
        onInteractOutside={(event) => keepOpen && event.preventDefault()}
        {...(!description && { "aria-describedby": undefined })}
      >
        <header className="flex items-start justify-between gap-4">
          <div className="min-w-0">
            <Dialog.Title className="text-lg font-semibold tracking-tight">{title}</Dialog.Title>
            {description && <Dialog.Description className="text-muted text-sm">{description}</Dialog.Description>}
          </div>
          <Dialog.Close className="button button-quiet button-small" aria-label="Close">
            <Icon name="cross" />
          </Dialog.Close>
        </header>
        {children}
      </Dialog.Content>
    </Dialog.Portal>
  );
}
