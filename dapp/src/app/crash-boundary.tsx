import { Component, type ReactNode } from "react";

/** Catches what a screen throws, so that one broken part does not leave a blank page. */
export class CrashBoundary extends Component<{ children: ReactNode }, { problem?: string }> {
  override state: { problem?: string } = {};

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === undefined) return this.props.children;
    return (
      <main className="mx-auto grid min-h-dvh max-w-xl content-center gap-4 p-6">
        <h1>This screen broke</h1>
        <p role="alert" className="bg-bad-soft rounded-lg px-4 py-3">
          {this.state.problem}
        </p>
        <p className="text-muted">
          Nothing was sent by this. Reload to go on; if it comes back, report the sentence above.
        </p>
        <div>
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            Reload
          </button>
        </div>
      </main>
    );
  }
}
