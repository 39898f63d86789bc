/** The text after the last `order by` outside of parentheses, or undefined. Comments and strings are blanked first. */
function findOrderByClause(sql: string): string | undefined {
  const text = sql.replace(/--[^\n]*/g, ' ').replace(/'(?:[^']|'')*'/g, "''");
  let depth = 0;
  let clauseStart: number | undefined;
  for (const { 0: token, index } of text.matchAll(/[()]|\border\s+by\b/gi)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth === 0) clauseStart = index + token.length;
  }
  return clauseStart === undefined ? undefined : text.slice(clauseStart);
}

/**
 * Which columns of its result a query orders by, for comparing results whose ties may come in any order: indexes, 'all'
 * if an ORDER BY names anything but result columns, undefined without ORDER BY. Enough SQL for benchmark queries.
 */
export function findSortColumns(sql: string, columns: readonly string[]): readonly number[] | 'all' | undefined {
  const clause = findOrderByClause(sql);
  if (clause === undefined) return undefined;
  const items = clause.replace(/\b(limit|offset|fetch)\b[\s\S]*$|;\s*$/i, '').split(',');
  const names = columns.map((name) => name.toLowerCase());
  const indexes = items.map((item) => {
    const key = item
      .trim()
      .replace(/\s+nulls\s+(first|last)$/i, '')
      .replace(/\s+(asc|desc)$/i, '')
      .toLowerCase();
    return /^\d+$/.test(key) ? Number(key) - 1 : names.indexOf(key.replace(/^\w+\./, ''));
  });
  return indexes.some((index) => index < 0 || index >= columns.length) ? 'all' : indexes;
}
