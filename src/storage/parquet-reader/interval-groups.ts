import { INTERVAL_PARTS, INTERVALS_KEY } from '../interval-parts.js';
import type { SchemaElement } from './schema-element.js';

const REQUIRED = 0;
/** INT32 and INT64, by the name of the type that is stored so. */
const STORAGES: Readonly<Record<string, number>> = { integer: 1, bigint: 2 };

/**
 * The elements of the schema that stand for intervals: those that the file's metadata name, if they look so. A group of
 * the same shape that is not named there is a row.
 */
export function intervalGroups(
  schema: readonly SchemaElement[],
  keyValueMetadata: Readonly<Record<string, string>>,
): ReadonlySet<number> {
  const found = new Set<number>();
  const named = namedPaths(keyValueMetadata[INTERVALS_KEY]);
  if (named.size === 0) return found;
  /** Groups that the element lies in, each with how many of its children are to come. */
  const open: { name: string; left: number }[] = [];
  for (const [index, element] of schema.entries()) {
    while (open.at(-1)?.left === 0) open.pop();
    const parent = open.at(-1);
    if (parent !== undefined) parent.left--;
    if (index > 0) {
      const path = [...open.slice(1).map(({ name }) => name), element.name];
      if (named.has(JSON.stringify(path)) && hasParts(schema, index)) found.add(index);
    }
    if (element.childCount > 0) open.push({ name: element.name, left: element.childCount });
  }
  return found;
}

function namedPaths(text: string | undefined): ReadonlySet<string> {
  if (text === undefined) return new Set();
  try {
    const paths: unknown = JSON.parse(text);
    return new Set(Array.isArray(paths) ? paths.map((path) => JSON.stringify(path)) : []);
  } catch {
    return new Set();
  }
}

function hasParts(schema: readonly SchemaElement[], index: number): boolean {
  if (schema[index]!.childCount !== INTERVAL_PARTS.length) return false;
  return INTERVAL_PARTS.every(({ name, type }, i) => {
    const part = schema[index + 1 + i];
    return part?.name === name && part.storage === STORAGES[type.kind] && part.repetition === REQUIRED;
  });
}
