/** Finds the images of other publishers in Dockerfiles, compose files and manifests, and asks their registries for digests. */

/** Matches an image with an exact tag, as `FROM` and `image:` name it. */
const REFERENCE = /^(\s*(?:FROM|(?:- )?image:)\s+)([^\s@$]+:[^\s@$/]+)(@sha256:[0-9a-f]{64})?(?=\s|$)/gm;
/** This project builds these images itself, so no registry has them. */
const OWN = /^citibike-/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TIMEOUT_MS = 10_000;

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Lists the images that a file names, without digests. */
export function imagesIn(text: string): string[] {
  const images = [...text.matchAll(REFERENCE)].map(([, , image]) => image!);
  return [...new Set(images)].filter((image) => !OWN.test(image));
}

/** Returns the text with the digest of each image that has one in the map; a digest that is there already is replaced. */
export function withDigests(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(REFERENCE, (line, start: string, image: string) => {
    const digest = digests.get(image);
    return digest === undefined ? line : `${start}${image}@${digest}`;
  });
}

/** Splits `postgres:18` into the address of its registry, the name there and the tag. */
function placeOf(image: string): { registry: string; name: string; tag: string } {
  const colon = image.lastIndexOf(':');
  const [tag, parts] = [image.slice(colon + 1), image.slice(0, colon).split('/')];
  const host = parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!) ? parts.shift()! : undefined;
  if (host === undefined) {
    const name = parts.length === 1 ? `library/${parts[0]}` : parts.join('/');
    return { registry: 'https://registry-1.docker.io', name, tag };
  }
  // Docker speaks plain HTTP to registries of the same machine, too.
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? 'http' : 'https';
  return { registry: `${scheme}://${host}`, name: parts.join('/'), tag };
}

/**
 * Returns the digest of the manifest for all platforms that the registry holds under the tag.
 * @throws Error if the registry does not answer, or answers without a digest.
 */
export async function digestOf(image: string): Promise<string> {
  const { registry, name, tag } = placeOf(image);
  const ask = (token?: string): Promise<Response> =>
    fetch(`${registry}/v2/${name}/manifests/${tag}`, {
      method: 'HEAD',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: MANIFESTS, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    });
  let answer = await ask();
  // Public images need a token too, which anyone gets.
  if (answer.status === 401)
    answer = await ask(await anonymousToken(answer.headers.get('www-authenticate') ?? ''));
  const digest = answer.headers.get('docker-content-digest') ?? '';
  if (!answer.ok || !DIGEST.test(digest))
    throw new Error(`${registry} answered ${answer.status} for ${name}:${tag}, without a digest`);
  return digest;
}

async function anonymousToken(challenge: string): Promise<string> {
  const fields = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]));
  const realm = fields.get('realm');
  if (realm === undefined) throw new Error('the registry asks for a login of a kind that is not supported');
  const address = new URL(realm);
  for (const key of ['service', 'scope']) address.searchParams.set(key, fields.get(key) ?? '');
  const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { token } = (await answer.json()) as { token?: unknown };
  if (typeof token !== 'string')
    throw new Error(`${address.host} answered ${answer.status}, without a token`);
  return token;
}
