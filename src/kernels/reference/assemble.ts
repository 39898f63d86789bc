import type { NestedValue } from '../../types/nested-codec.js';
import type { IntervalParts, ShredEntry } from './shred.js';

// Reference twins of `assembly/assemble*.ts`, on values instead of bytes. Slots are what shredding calls entries.

/** Where the entries of the next rows end, and how many of these begin. */
export function entriesOfRows(
  repetitions: readonly number[],
  from: number,
  rows: number,
): { readonly end: number; readonly begun: number } {
  let begun = 0;
  let end = from;
  for (; end < repetitions.length; end++) {
    if (repetitions[end] !== 0) continue;
    if (begun === rows) break;
    begun++;
  }
  return { end, begun };
}

/** The slots of the entries whose row is selected; entries with a value take the next one. */
export function leafSlots(
  levels: readonly { readonly repetition: number; readonly definition: number }[],
  definition: number,
  values: readonly Exclude<NestedValue, null>[],
  isSelected: (row: number) => boolean,
): ShredEntry[] {
  let row = -1;
  let next = 0;
  return levels.flatMap((level) => {
    if (level.repetition === 0) row++;
    const value = level.definition === definition ? values[next++] : undefined;
    return isSelected(row) ? [{ ...level, value }] : [];
  });
}

const elementOf = ({ value }: ShredEntry): NestedValue => value ?? null;

export function assembleArrays(
  elements: readonly ShredEntry[],
  repetition: number,
  definition: number,
  elementDefinition: number,
): ShredEntry[] {
  const lists: ShredEntry[][] = [];
  for (const element of elements) {
    if (element.repetition < repetition) lists.push([element]);
    else lists.at(-1)!.push(element);
  }
  return lists.map((list) => {
    const first = list[0]!;
    if (first.definition < definition) return { ...first, value: undefined };
    return { ...first, value: first.definition < elementDefinition ? [] : list.map(elementOf) };
  });
}

export function assembleStructs(fields: readonly (readonly ShredEntry[])[], definition: number): ShredEntry[] {
  return fields[0]!.map((first, slot) => ({
    ...first,
    value: first.definition < definition ? undefined : fields.map((field) => elementOf(field[slot]!)),
  }));
}

export function assembleMaps(keys: readonly ShredEntry[], values: readonly ShredEntry[]): ShredEntry[] {
  return keys.map((slot, i) => {
    if (slot.value === undefined) return slot;
    const items = values[i]!.value as readonly NestedValue[];
    return { ...slot, value: (slot.value as readonly NestedValue[]).map((key, k) => [key, items[k]!]) };
  });
}

/** Intervals from their parts, where all or none of them are there; undefined where one is missing. */
export function assembleIntervals(
  months: readonly (number | undefined)[],
  days: readonly (number | undefined)[],
  microseconds: readonly (bigint | undefined)[],
): (IntervalParts | undefined)[] | undefined {
  const intervals: (IntervalParts | undefined)[] = [];
  for (const [slot, first] of months.entries()) {
    const [second, third] = [days[slot], microseconds[slot]];
    const missing = [first, second, third].filter((part) => part === undefined).length;
    if (missing % 3 !== 0) return undefined;
    intervals.push(missing === 3 ? undefined : { months: first!, days: second!, microseconds: third! });
  }
  return intervals;
}
