/**
 * Tests that addresses with secrets are rejected at start or in the input, and that no message repeats the
 * secret.
 */
import { expect, test } from 'vitest';
import { CitibikeError } from '../../../contracts/errors.ts';
import { parseNewInput } from '../../../contracts/new-input.ts';
import { redact } from '../../../contracts/redact.ts';
import { loadSettings } from '../../../settings.ts';

const ELSEWHERE = { STACK_DIR: '/nonexistent' };
const SECRET = 'pl4nted-s3cret';

function messageOfSetting(environment: Record<string, string>): string {
  try {
    loadSettings({ ...ELSEWHERE, ...environment });
  } catch (error) {
    if (error instanceof CitibikeError) return error.message;
    throw error;
  }
  return '';
}

const WITH_PASSWORD = [
  ['MLFLOW_TRACKING_URI', 'MLFLOW_TRACKING_PASSWORD'],
  ['TRIPS_SOURCE', 's3://'],
  ['WEATHER_SOURCE', 'NOAA_TOKEN'],
  ['WEATHER_FORECASTS', 'Open-Meteo'],
  ['AWS_ENDPOINT_URL', 'AWS_SECRET_ACCESS_KEY'],
  ['INFERENCE_URL', 'INFERENCE_API_KEY'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'],
  ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
] as const;

test.each(WITH_PASSWORD)(
  '%s with a password is rejected with the setting to use instead: %s',
  (name, instead) => {
    const message = messageOfSetting({ [name]: `http://alice:${SECRET}@host:5000/path` });
    expect(message).toContain(`setting ${name}`);
    expect(message).toContain(instead);
    expect(message).not.toContain(SECRET);
  },
);

test.each([
  ['TRIPS_SOURCE', `https://bucket/?X-Amz-Signature=${SECRET}`],
  ['WEATHER_SOURCE', `https://host/data?token=${SECRET}`],
  ['MLFLOW_TRACKING_URI', `https://host/?key=${SECRET}`],
])('a presigned %s is rejected', (name, value) => {
  expect(messageOfSetting({ [name]: value })).toContain('a signature or token');
  expect(messageOfSetting({ [name]: value })).not.toContain(SECRET);
});

test.each([
  ['DATABASE_URL', `mysql://u:${SECRET}@host/db`],
  ['WEBHOOK_URL', `ftp://host/${SECRET}`],
  ['MLFLOW_TRACKING_URI', `ftp://alice:${SECRET}@host`],
  ['WEATHER_CONTACT', `${SECRET}\n`],
])('an invalid %s is not repeated', (name, value) => {
  const message = messageOfSetting({ [name]: value });
  expect(message).toContain(`setting ${name}: got`);
  expect(message).not.toContain(SECRET);
});

test('addresses without secrets are unchanged', () => {
  const environment = {
    MLFLOW_TRACKING_URI: 'https://mlflow.example/base',
    TRIPS_SOURCE: 's3://bucket/folder@2024',
    WEATHER_SOURCE: 'https://host/data?dataset=daily',
    WEBHOOK_URL: `https://host/hook?sig=${SECRET}`,
  };
  expect(messageOfSetting(environment)).toBe('');
});

test('secrets of settings are hidden in every later text', () => {
  loadSettings({
    ...ELSEWHERE,
    DATABASE_URL: 'postgres://app:db-pa55word@host/monitoring',
    MLFLOW_TRACKING_TOKEN: 'mlflow-t0ken',
    NOAA_TOKEN: 'noaa-t0ken-1',
    WEATHER_CONTACT: 'ops@contact.example',
    WEBHOOK_URL: 'https://host/services/T0/B1',
    WEBHOOK_SECRET: 'webhook-s3cret',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 's3-s3cret-key',
  });
  const told =
    'db-pa55word mlflow-t0ken noaa-t0ken-1 ops@contact.example https://host/services/T0/B1 webhook-s3cret s3-s3cret-key';
  expect(redact(told)).toBe('*** *** *** *** *** *** ***');
});

test('a forecast that names a source with a secret does not start', () => {
  const input = { source: `https://api.open-meteo.com/v1/forecast?apikey=${SECRET}` };
  expect(() => parseNewInput('forecast', input)).toThrow(/source: got .*an address without/);
  expect(() => parseNewInput('forecast', input)).not.toThrow(SECRET);
});

test.each([
  ['trips', `https://alice:${SECRET}@host/tripdata`],
  ['weather', `https://host/weather?access_token=${SECRET}`],
])('a run that names a source.%s with a secret does not start', (name, address) => {
  const input = { from: '2024-01', to: '2024-02', source: { [name]: address } };
  expect(() => parseNewInput('ingest', input)).toThrow(
    new RegExp(`source\\.${name}: got .*an address without`),
  );
  expect(() => parseNewInput('ingest', input)).not.toThrow(SECRET);
});
