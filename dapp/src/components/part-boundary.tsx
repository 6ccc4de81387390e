import { Component, type ReactNode } from "react";

/** Keeps the rest of a page when the code of one part cannot be fetched. */
export class PartBoundary extends Component<{ part: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <p role="alert" className="text-bad text-sm">
        The {this.props.part} could not be fetched. Reload the page.
      </p>
    );
  }
}
