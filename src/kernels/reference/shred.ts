import type { NestedValue } from '../../types/nested-codec.js';

// Reference twins of `assembly/shred.ts`, on values instead of bytes.

/** An entry of a node: its value is `undefined` where it is NULL, or something above it is NULL or empty. */
export interface ShredEntry {
  readonly value: Exclude<NestedValue, null> | undefined;
  readonly repetition: number;
  readonly definition: number;
}

const levelOf = (value: NestedValue, definition: number): number => (value === null ? definition - 1 : definition);

export function shredRows(values: readonly NestedValue[], definition: number): ShredEntry[] {
  return values.map((value) => ({
    value: value ?? undefined,
    repetition: 0,
    definition: levelOf(value, definition),
  }));
}

export function shredArrays(entries: readonly ShredEntry[], definition: number, repetition: number): ShredEntry[] {
  return entries.flatMap((entry) => {
    const elements = (entry.value ?? []) as readonly NestedValue[];
    if (elements.length === 0) return [{ ...entry, value: undefined }];
    return elements.map((element, index) => ({
      value: element ?? undefined,
      repetition: index === 0 ? entry.repetition : repetition,
      definition: levelOf(element, definition),
    }));
  });
}

export function shredFields(entries: readonly ShredEntry[], field: number, definition: number): ShredEntry[] {
  return entries.map((entry) => {
    if (entry.value === undefined) return entry;
    const value = (entry.value as readonly NestedValue[])[field]!;
    return { ...entry, value: value ?? undefined, definition: levelOf(value, definition) };
  });
}

/** The keys (0) or the values (1) of maps, as arrays. */
export function shredMaps(entries: readonly ShredEntry[], part: 0 | 1): ShredEntry[] {
  return entries.map((entry) => {
    if (entry.value === undefined) return entry;
    return { ...entry, value: (entry.value as readonly (readonly NestedValue[])[]).map((pair) => pair[part]!) };
  });
}

/** An interval as it lies in memory. */
export interface IntervalParts {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

/** The entries of a part of intervals; their levels are those above. */
export function shredParts<Part extends keyof IntervalParts>(
  entries: readonly (IntervalParts | undefined)[],
  part: Part,
): (IntervalParts[Part] | undefined)[] {
  return entries.map((interval) => interval?.[part]);
}
