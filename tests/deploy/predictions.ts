/** Asks the prediction service of a compose project, at its shared address or in a replica. */
import { EXAMPLE_HOUR } from '../../contracts/hour-to-predict.ts';
import type { ComposeProject } from './compose-project.ts';

export interface Answer {
  readonly version: string;
  readonly prediction: number;
}

const BODY = JSON.stringify({ input_data: [EXAMPLE_HOUR] });

function answerIn(text: string): Answer {
  const [first] = (JSON.parse(text) as { predictions: Answer[] }).predictions;
  return { version: first!.version, prediction: first!.prediction };
}

/** Asks the prediction service for the example hour. */
export async function predict(url: string): Promise<Answer> {
  const response = await fetch(`${url}/predict_trip`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: BODY,
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 200)}`);
  return answerIn(text);
}

/** Asks one replica from inside its container. */
export async function predictIn(project: ComposeProject, replica: number): Promise<Answer> {
  const script = `fetch('http://127.0.0.1:3000/predict_trip', { method: 'POST', headers: { 'content-type': 'application/json' }, body: process.argv[1] }).then((r) => r.text()).then(console.log)`;
  return answerIn(await project.exec('inference', replica, 'node', '-e', script, BODY));
}

/** Sends predictions at a steady rate while something happens. Returns the number of answers, and the failures. */
export async function predictDuring(
  url: string,
  perSecond: number,
  happening: () => Promise<unknown>,
): Promise<{ answers: number; failures: string[]; slowestMs: number }> {
  const failures: string[] = [];
  const open = new Set<Promise<void>>();
  let answers = 0;
  let slowestMs = 0;
  const send = async (): Promise<void> => {
    const startedAt = Date.now();
    await predict(url).then(
      () => (answers += 1),
      (error: unknown) => failures.push(String(error)),
    );
    slowestMs = Math.max(slowestMs, Date.now() - startedAt);
  };
  const timer = setInterval(() => {
    const request = send().finally(() => open.delete(request));
    open.add(request);
  }, 1000 / perSecond);
  try {
    await happening();
  } finally {
    clearInterval(timer);
    await Promise.all(open);
  }
  return { answers, failures, slowestMs };
}
