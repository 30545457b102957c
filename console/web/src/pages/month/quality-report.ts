interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

export interface QualityCheck {
  readonly check: string;
  readonly state: string;
  readonly value: number | null;
  readonly detail: string | null;
  readonly warn?: Bounds | null;
  readonly fail?: Bounds | null;
}

/** Represents the fields of a month's quality report that the page of a month shows. The report's own page has all. */
export interface QualityReport {
  readonly checks?: readonly QualityCheck[];
  readonly previousMonth?: string | null;
  readonly measures?: {
    readonly archives?: { readonly minutes?: unknown } | null;
    readonly hours?: unknown;
    readonly daily?: readonly { readonly date: string; readonly trips: number }[];
    readonly byHourOfDay?: readonly number[];
  };
}
