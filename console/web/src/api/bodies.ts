/** Names bodies of the API that more than one file uses. */
import type { paths } from '../api-types.d.ts';

type BodyOf<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

type Overview = BodyOf<'/api/overview'>['data'];
export type Stage = NonNullable<Overview['loop']>[number];
export type Serving = NonNullable<Overview['serving']>;
export type ScheduledRun = NonNullable<Overview['nextScheduled']>[number];
export type Champion = NonNullable<Overview['champion']>;
export type Attention = Overview['attention'][number];

export type Run = NonNullable<BodyOf<'/api/runs'>['data']['items']>[number];
type TypedRunDetail = NonNullable<BodyOf<'/api/runs/{workflowId}'>['data']>;
/** The generated types have pairs as lists of texts. */
export type RunDetail = Omit<TypedRunDetail, 'edges'> & { readonly edges: readonly (readonly string[])[] };
export type Step = NonNullable<RunDetail['steps']>[number];
export type OutcomeLink = RunDetail['outcome']['links'][number];
export type RunArtifact = RunDetail['artifacts'][number];
export type LogPage = NonNullable<BodyOf<'/api/runs/{workflowId}/steps/{step}/log'>['data']>;
export type Failure = RunDetail['failure'][number];

export type MonthState = NonNullable<BodyOf<'/api/data'>['data']['months']>[number];

export type Exploration = NonNullable<BodyOf<'/api/data'>['data']['explorations']>[number];

export type VersionDetail = NonNullable<BodyOf<'/api/models/{name}/versions/{version}'>['data']>;
export type Version = VersionDetail['version'];
export type Curve = VersionDetail['curves'][number];
export type ModelPage = BodyOf<'/api/models/{name}'>['data'];

export type ExperimentRun = NonNullable<BodyOf<'/api/experiments'>['data']['items']>[number];

type DriftBody = BodyOf<'/api/drift'>['data'];
export type DriftWeek = NonNullable<DriftBody['weeks']>[number];
export type DriftColumn = NonNullable<DriftBody['columns']>[number];
export type DriftDecision = NonNullable<DriftBody['decisions']>[number];

export type DriftHistogram = NonNullable<
  NonNullable<BodyOf<'/api/drift/histograms'>['data']>['columns']
>[number];

export type StationsBody = NonNullable<BodyOf<'/api/stations'>['data']>;

export type ForecastBody = NonNullable<BodyOf<'/api/forecast'>['data']>;
export type ForecastIssue = NonNullable<ForecastBody['issue']>;
export type ForecastHour = ForecastIssue['hours'][number];
export type LeadDayScore = NonNullable<BodyOf<'/api/forecast/scores'>['data']['scores']>[number];

export type Schedule = NonNullable<BodyOf<'/api/schedules'>['data']['items']>[number];
export type ScheduleDefinition = NonNullable<Schedule['definition']>;
export type WorkflowType = BodyOf<'/api/workflow-types'>['items'][number];
export type Predicted = NonNullable<BodyOf<'/api/predict/day'>['data']>;
