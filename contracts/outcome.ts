/** Defines what the result of a run means for people: one sentence, facts and links. Each contract of a workflow derives it. */
import type { ArtifactRef } from './artifact.ts';

export interface OutcomeFact {
  readonly name: string;
  /** Formatted text, with its unit. */
  readonly value: string;
}

/** Points to a page about something that the run made or used. */
export type OutcomeLink =
  | { readonly kind: 'version'; readonly model: string; readonly version: string }
  | { readonly kind: 'experiment'; readonly runId: string }
  | {
      readonly kind: 'drift';
      readonly system: string;
      readonly version: string;
      /** Address of the JSON report of the check. */
      readonly report: string;
    }
  | { readonly kind: 'forecast'; readonly system: string; readonly model: string; readonly issuedAt: string }
  | { readonly kind: 'run'; readonly workflowId: string }
  | { readonly kind: 'artifact'; readonly label: string; readonly uri: string };

export interface Outcome {
  /** One or two sentences. */
  readonly summary: string;
  /** The most important fact first. */
  readonly facts: readonly OutcomeFact[];
  readonly links: readonly OutcomeLink[];
}

/** Represents a result of any version of the code: fields that were added later may be missing. */
export type StoredResult<T> = { readonly [K in keyof T]?: T[K] | null };

type Value = string | false | null | undefined;

/** Keeps the facts that have a value, and the links that are known. */
export function outcome(
  summary: string,
  facts: readonly (readonly [name: string, value: Value])[],
  links: readonly (OutcomeLink | undefined)[] = [],
): Outcome {
  return {
    summary,
    facts: facts.flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    links: links.filter((link) => link !== undefined),
  };
}

/** Formats `12,345`, `717.3` or `0.8951`; undefined for a missing value. */
export function amount(value: number | null | undefined, unit = ''): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const digits = Math.abs(value) >= 1000 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 4;
  const text = value.toLocaleString('en-US', { maximumFractionDigits: digits }).replace('-', '−');
  return unit ? `${text} ${unit}` : text;
}

/** Formats trips per hour. */
export function tripsAnHour(value: number | null | undefined): string | undefined {
  return amount(value, 'trips/h');
}

export function share(value: number | null | undefined): string | undefined {
  return typeof value === 'number' && Number.isFinite(value)
    ? `${(value * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`
    : undefined;
}

/** Formats `1 month` or `12 months`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** Joins up to `most` texts, and counts the rest. */
export function listed(texts: readonly string[] | null | undefined, most = 6): string | undefined {
  if (!texts || texts.length === 0) return undefined;
  const rest = texts.length - most;
  return rest > 0 ? `${texts.slice(0, most).join(', ')} and ${rest} more` : texts.join(', ');
}

/** Ends a text with one full stop, and begins it with a capital letter unless it begins with a name such as `source.trips`. */
export function sentence(text: string): string {
  const trimmed = text.trim().replace(/[.;,]+$/, '');
  if (trimmed === '') return '';
  const begin = /^[a-z]+[ ,]/.test(trimmed) ? trimmed[0]!.toUpperCase() : trimmed[0]!;
  return `${begin}${trimmed.slice(1)}.`;
}

export function versionLink(
  model: string | null | undefined,
  version: string | null | undefined,
): OutcomeLink | undefined {
  return model && version ? { kind: 'version', model, version } : undefined;
}

export function artifactLink(label: string, ref: ArtifactRef | null | undefined): OutcomeLink | undefined {
  return ref?.uri ? { kind: 'artifact', label, uri: ref.uri } : undefined;
}
