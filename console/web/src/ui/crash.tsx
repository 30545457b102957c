import { Component, type ReactNode } from 'react';
import { messageOf } from '../api/problem.ts';

/** Shows the error of a page that throws, and keeps the rest of the console. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div role="alert" className="notice notice-bad">
        <b>This page failed:</b> {messageOf(this.state.error)}. <a href={window.location.href}>Reload</a>
      </div>
    );
  }
}
