import { address } from '../../format/addresses.ts';

/** Returns links to the bucket and to each parent folder. */
export function crumbsOf(bucket: string, key: string): { href: string; label: string }[] {
  const parts = key.split('/').filter(Boolean).slice(0, -1);
  return [
    { href: '/artifacts', label: 'Artifacts' },
    ...(key ? [{ href: address.folder(bucket, ''), label: bucket }] : []),
    ...parts.map((label, i) => ({
      href: address.folder(bucket, `${parts.slice(0, i + 1).join('/')}/`),
      label,
    })),
  ];
}
