/** Names the schemas and responses that several routes of the OpenAPI document share. */
import type { Components } from '../../../adapters/fastify/openapi-components.ts';
import { ACTION_PROBLEMS, Done, NOT_FOUND, ProblemBody, UpstreamBody, UpstreamsBody } from './common.ts';
import { MonthBody } from './data.ts';
import { EarlierIssue, ForecastHour, ForecastIssue } from './forecast.ts';
import { Artifacts, CurveBody, ExperimentRun, VersionBody, VersionDetail } from './models.ts';
import { PredictAnswer } from './operations.ts';
import { FailureBody, RunBody, RunState, StepBody } from './runs.ts';

export const COMPONENTS: Components = {
  schemas: {
    Artifacts,
    Curve: CurveBody,
    Done,
    EarlierIssue,
    ExperimentRun,
    Failure: FailureBody,
    ForecastHour,
    ForecastIssue,
    Month: MonthBody,
    PredictAnswer,
    Problem: ProblemBody,
    Run: RunBody,
    RunState,
    Step: StepBody,
    Upstream: UpstreamBody,
    Upstreams: UpstreamsBody,
    Version: VersionBody,
    VersionDetail,
  },
  responses: {
    Unauthorized: ACTION_PROBLEMS[401],
    Forbidden: ACTION_PROBLEMS[403],
    NotFound: NOT_FOUND[404],
    UnsupportedMediaType: ACTION_PROBLEMS[415],
    Invalid: ACTION_PROBLEMS[422],
    TooManyRequests: ACTION_PROBLEMS[429],
    Unavailable: ACTION_PROBLEMS[503],
  },
};
