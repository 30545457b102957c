import { Component, type ReactNode } from 'react';
import { messageOf } from '../api/problem.ts';

/** A page that fails says so and leaves the rest of the console standing. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div role="alert" className="notice notice-bad">
        <b>This page could not be drawn:</b> {messageOf(this.state.error)}.{' '}
        <a href={window.location.href}>Load it again</a>
      </div>
    );
  }
}
