/** Returns each artifact address within a value once. */
export function urisIn(value: unknown): string[] {
  const found = new Set<string>();
  const walk = (here: unknown) => {
    if (typeof here === 'string' && here.startsWith('s3://')) found.add(here);
    else if (typeof here === 'object' && here !== null) Object.values(here).forEach(walk);
  };
  walk(value);
  return [...found];
}
