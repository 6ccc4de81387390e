import { Component, type ReactNode } from "react";
import { CrashScreen } from "./crash-screen.tsx";

/** Catches what a screen throws, so that one broken part does not leave a blank page. */
export class CrashBoundary extends Component<{ children: ReactNode }, { problem?: string }> {
  override state: { problem?: string } = {};

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    return this.state.problem === undefined ? this.props.children : <CrashScreen problem={this.state.problem} />;
  }
}
