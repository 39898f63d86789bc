import { notSupportedError, userError } from '../../common/errors.js';
import type { SqlType } from '../../types/sql-type.js';
import { INTERVAL_PARTS } from '../interval-parts.js';
import { type ParquetColumnType, parquetColumnTypeOf } from './parquet-column-type.js';

/**
 * A column as a tree down to its leaves, each of which has a column chunk in every row group. Levels count as in the
 * Dremel paper (Melnik et al., VLDB 2010): `definition` is the definition level of a value that is there; where it may be
 * NULL, that is one more than what is above it.
 */
export type SchemaNode = SchemaColumn | SchemaStruct | SchemaInterval | SchemaArray | SchemaMap;

/** A leaf. */
export interface SchemaColumn {
  readonly kind: 'leaf';
  readonly name: string;
  readonly type: ParquetColumnType;
  readonly nullable: boolean;
  /** Names from the top-level column down to this one. */
  readonly path: readonly string[];
  readonly definition: number;
  /** The highest of its repetition levels; 0 outside lists. */
  readonly repetition: number;
}

interface SchemaGroup {
  readonly name: string;
  readonly nullable: boolean;
  readonly definition: number;
}

export interface SchemaStruct extends SchemaGroup {
  readonly kind: 'struct';
  readonly fields: readonly SchemaNode[];
}

/** An interval as a group of its months, days and microseconds ([ADR 31](../../../docs/adr/0031-stored-intervals.md)). */
export interface SchemaInterval extends SchemaGroup {
  readonly kind: 'interval';
  readonly path: readonly string[];
  readonly parts: readonly SchemaColumn[];
}

/** The format's list of three levels: `name (LIST) { repeated list { element } }`. */
export interface SchemaArray extends SchemaGroup {
  readonly kind: 'array';
  /** Of the entries that begin a further element. */
  readonly repetition: number;
  readonly element: SchemaNode;
}

/** `name (MAP) { repeated key_value { key, value } }`. */
export interface SchemaMap extends SchemaGroup {
  readonly kind: 'map';
  readonly repetition: number;
  readonly key: SchemaNode;
  readonly value: SchemaNode;
}

interface Place {
  /** Names above. */
  readonly path: readonly string[];
  readonly definition: number;
  readonly repetition: number;
}

const ROOT: Place = { path: [], definition: 0, repetition: 0 };

export function schemaNodeOf(name: string, type: SqlType, nullable: boolean, above: Place = ROOT): SchemaNode {
  const { repetition } = above;
  const path = [...above.path, name];
  const definition = above.definition + Number(nullable);
  switch (type.kind) {
    case 'array': {
      const inside = { path: [...path, 'list'], definition: definition + 1, repetition: repetition + 1 };
      const element = schemaNodeOf('element', type.element, true, inside);
      return { kind: 'array', name, nullable, definition, repetition: repetition + 1, element };
    }
    case 'map': {
      const inside = { path: [...path, 'key_value'], definition: definition + 1, repetition: repetition + 1 };
      const key = schemaNodeOf('key', type.key, false, inside);
      const value = schemaNodeOf('value', type.value, true, inside);
      return { kind: 'map', name, nullable, definition, repetition: repetition + 1, key, value };
    }
    case 'struct': {
      assertFields(
        name,
        type.fields.map((field) => field.name),
      );
      const inside = { path, definition, repetition };
      const fields = type.fields.map((field) => schemaNodeOf(field.name, field.type, true, inside));
      return { kind: 'struct', name, nullable, definition, fields };
    }
    case 'interval': {
      const parts = INTERVAL_PARTS.map(
        (part): SchemaColumn => ({
          kind: 'leaf',
          name: part.name,
          type: parquetColumnTypeOf(part.type),
          nullable: false,
          path: [...path, part.name],
          definition,
          repetition,
        }),
      );
      return { kind: 'interval', name, nullable, definition, path, parts };
    }
    default:
      return { kind: 'leaf', name, type: parquetColumnTypeOf(type), nullable, path, definition, repetition };
  }
}

function assertFields(name: string, fields: readonly string[]): void {
  if (fields.length === 0) {
    throw notSupportedError(`Parquet cannot store "${name}", a row without fields`, {
      hint: 'Leave the column out, or add a field.',
    });
  }
  const twice = fields.find((field, index) => fields.indexOf(field) < index);
  if (twice !== undefined) {
    throw userError('42701', `field "${twice}" of "${name}" is there more than once`, {
      hint: 'Give the fields of the row different names.',
    });
  }
}

/** The leaves of a tree, in the order of their chunks. */
export function leavesOf(node: SchemaNode): readonly SchemaColumn[] {
  switch (node.kind) {
    case 'leaf':
      return [node];
    case 'struct':
      return node.fields.flatMap(leavesOf);
    case 'interval':
      return node.parts;
    case 'array':
      return leavesOf(node.element);
    case 'map':
      return [...leavesOf(node.key), ...leavesOf(node.value)];
  }
}

/** Paths of the groups that are intervals. */
export function intervalPathsOf(node: SchemaNode): readonly (readonly string[])[] {
  switch (node.kind) {
    case 'leaf':
      return [];
    case 'interval':
      return [node.path];
    case 'struct':
      return node.fields.flatMap(intervalPathsOf);
    case 'array':
      return intervalPathsOf(node.element);
    case 'map':
      return [...intervalPathsOf(node.key), ...intervalPathsOf(node.value)];
  }
}
