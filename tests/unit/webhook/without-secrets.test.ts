import { expect, it } from 'vitest';
import { withoutSecrets } from '../../../adapters/webhook/without-secrets.ts';

it.each([
  ['postgres://ann:hunter2@db:5432/x refused', 'postgres://***@db:5432/x refused'],
  ['GET https://s3/b/k?X-Amz-Signature=abc&e=1 failed', 'GET https://s3/b/k?*** failed'],
  ['header Authorization: Bearer abc.def-1 refused', 'header Authorization: Bearer *** refused'],
  ['RMSE 4.6 against 4.5: is 2 % worse? no', 'RMSE 4.6 against 4.5: is 2 % worse? no'],
])('%s', (text, expected) => {
  expect(withoutSecrets(text)).toBe(expected);
});
