import type { NestedValue } from '../../types/nested-codec.js';
import type { ShredEntry } from './shred.js';

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
