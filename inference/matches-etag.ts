/**
 * Tells whether the header If-None-Match names an ETag: `*`, or a list of tags, which are compared weakly (RFC 9110, section 13.1.2).
 * @param known the header as received.
 */
export function matchesEtag(known: string, etag: string): boolean {
  if (known === etag || known.trim() === '*') return true;
  return plainTag(etag) !== '' && known.split(',').some((one) => plainTag(one) === plainTag(etag));
}

/** The tags of this service contain no comma. */
function plainTag(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
