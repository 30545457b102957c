/** Addresses in a message without what may be secret in them: user names and passwords, and queries, which carry signatures. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/[^\s?#"']+)\?[^\s#"']*/gi, '$1?***')
    .replaceAll(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, '$1 ***');
}
