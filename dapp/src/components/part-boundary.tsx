import { Component, type ReactNode } from "react";

/** Keeps the rest of a page when the code of one part cannot be fetched or fails. */
export class PartBoundary extends Component<{ part: string; children: ReactNode }, { problem: string | undefined }> {
  override state = { problem: undefined };

  static getDerivedStateFromError(error: Error): { problem: string } {
    return { problem: error.message };
  }

  override render(): ReactNode {
    if (this.state.problem === undefined) return this.props.children;
    return (
      <p role="alert" className="text-bad text-sm">
        The {this.props.part} could not be shown: {this.state.problem}. Reload the page.
      </p>
    );
  }
}
