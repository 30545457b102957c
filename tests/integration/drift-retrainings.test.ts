/** Tests on the real Postgres which drift check may retrain: one per version and month, within the bound. */
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { recordedDecisions } from '../../adapters/postgres/drift-decisions.ts';
import { claimRetraining, closeRetraining } from '../../adapters/postgres/drift-retrainings.ts';
import { loadSettings } from '../../settings.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const database = new Database(loadSettings().databaseUrl);
const id = randomBytes(4).toString('hex');
let models = 0;

/** Is a model of this test, whose check in March asks for a retraining. */
const newClaim = (more: object = {}) => ({
  system: 'nyc',
  model: `retraining-test-${id}-${models++}`,
  modelVersion: '1',
  month: '2025-03',
  workflowId: 'check-1',
  ...more,
});
const outcome = { candidate: '2', refit: null, reason: 'because' } as const;

afterAll(async () => {
  for (const table of ['drift_retrainings', 'drift_decisions']) {
    await queryAsOwner(`DELETE FROM ${table} WHERE model LIKE $1`, [`retraining-test-${id}-%`]);
  }
  await database.close();
});

describe('a retraining', () => {
  it('is granted to the first check, and to it again when the answer was lost', async () => {
    const claim = newClaim();
    expect(await claimRetraining(database, claim, 1)).toEqual({ granted: true, reason: null });
    expect(await claimRetraining(database, claim, 1)).toEqual({ granted: true, reason: null });
    const other = await claimRetraining(database, { ...claim, workflowId: 'check-2' }, 1);
    expect(other).toEqual({
      granted: false,
      reason: 'version 1 was already retrained for 2025-03 by check-1: started',
    });
  });

  it('is granted to one of many concurrent checks', async () => {
    const claim = newClaim();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        claimRetraining(database, { ...claim, workflowId: `check-${i}` }, 1),
      ),
    );
    expect(answers.filter(({ granted }) => granted)).toHaveLength(1);
  });

  it('is not granted beyond the bound of a month, and is granted in the next one', async () => {
    const claim = newClaim();
    await claimRetraining(database, claim, 1);
    await closeRetraining(database, claim, { ...outcome, outcome: 'promoted' });
    const successor = { ...claim, modelVersion: '3', workflowId: 'check-2' };
    const refused = await claimRetraining(database, successor, 1);
    expect(refused.granted).toBe(false);
    expect(refused.reason).toContain('1 of at most 1 retrainings');
    expect((await claimRetraining(database, successor, 2)).granted).toBe(true);
    expect((await claimRetraining(database, { ...successor, month: '2025-04' }, 1)).granted).toBe(true);
  });

  it('that failed passes to the next check, and its late end is then ignored', async () => {
    const claim = newClaim();
    await claimRetraining(database, claim, 1);
    await closeRetraining(database, claim, { ...outcome, outcome: 'failed' });
    const next = { ...claim, workflowId: 'check-2' };
    expect((await claimRetraining(database, next, 1)).granted).toBe(true);
    await closeRetraining(database, claim, { ...outcome, outcome: 'rejected' });
    const [row] = await database.query(
      'SELECT outcome, workflow_id FROM drift_retrainings WHERE model = $1',
      [claim.model],
    );
    expect(row).toEqual({ outcome: 'started', workflow_id: 'check-2' });
  });

  it('appears with the decision that started it', async () => {
    const claim = newClaim();
    await claimRetraining(database, claim, 1);
    await closeRetraining(database, claim, { ...outcome, outcome: 'rejected' });
    await database.query(
      `INSERT INTO drift_decisions (system, model, model_version, reference_sha256, current_sha256, reference_from, reference_to,
         current_from, current_to, weeks, drifted_weeks, decision, reasons, report_uri, html_uri, recorded_at)
       VALUES ('nyc', $1, '1', 'r', 'c', '2024-03-01', '2024-03-31', '2025-03-01', '2025-03-31', 5, 5, 'retrain',
         '["bias"]', 's3://r', 's3://h', now())`,
      [claim.model],
    );
    expect(
      await recordedDecisions(database, { model: claim.model, month: '2025-03', limit: 5 }),
    ).toMatchObject([
      {
        decision: 'retrain',
        reasons: ['bias'],
        retraining: 'rejected',
        candidate: '2',
        heir: null,
        retraining_reason: 'because',
        retraining_workflow: 'check-1',
      },
    ]);
    expect(await recordedDecisions(database, { model: claim.model, month: '2025-02', limit: 5 })).toEqual([]);
  });
});
