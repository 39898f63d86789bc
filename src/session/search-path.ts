/** The schemas of a `search_path`, in order: `"$user", public`. What is not quoted is folded to lower case. */
export function parseSearchPath(value: string, user: string): string[] {
  const schemas: string[] = [];
  for (const [, quoted, plain] of value.matchAll(/"((?:[^"]|"")*)"|([^\s,]+)/g)) {
    const name = quoted?.replaceAll('""', '"') ?? plain!.toLowerCase();
    schemas.push(name === '$user' ? user : name);
  }
  return schemas;
}
