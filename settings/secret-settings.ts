import type { Settings } from './settings-type.ts';

/** Lists the secrets to redact from all texts of this process, because a server may echo what it received. */
export function secretsOf(settings: Settings): string[] {
  const { temporal, s3, mlflow, inference, sources, webhook, token } = settings;
  const { databaseUrl, databaseOwnerUrl, databaseReaderUrl } = settings;
  const passwords = [databaseUrl, databaseOwnerUrl, databaseReaderUrl].flatMap((address) => {
    const { password } = new URL(address);
    return [password, decodeURIComponent(password)];
  });
  const hook = webhook && new URL(webhook.url);
  return [
    ...[temporal.apiKey, s3.credentials?.secretAccessKey, mlflow.token, mlflow.password],
    ...[inference.apiKey, sources.noaaToken, sources.forecastContact],
    // The path of a webhook often contains its secret.
    ...[webhook?.secret, webhook?.url, hook && `${hook.pathname}${hook.search}`, token, ...passwords],
  ].flatMap((secret) => (secret ? spellingsOf(secret) : []));
}

/** Lists the encodings in which a server may echo a secret: URL-encoded, JSON, base64 and hex. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    ...[secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)],
    ...[bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')],
  ];
}
