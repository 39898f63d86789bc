import { bugError, corruptError } from '../../common/errors.js';
import { arrayOf, formatType, INTERVAL, type NestedType, type SqlType } from '../../types/sql-type.js';
import { columnOf } from './column-type.js';
import type { FlatColumn } from './parquet-metadata.js';
import type { SchemaElement } from './schema-element.js';

/**
 * A column that is not flat, as a tree down to its leaves. Levels count as in the Dremel paper (Melnik et al., VLDB 2010):
 * an entry of a leaf is NULL at a node whose `definition` it does not reach.
 */
export type NestedNode = LeafNode | StructNode | IntervalNode | ArrayNode | MapNode;

export interface LeafNode {
  readonly kind: 'leaf';
  readonly type: SqlType;
  readonly column: FlatColumn;
  /** Counts the leaves of the top-level column. */
  readonly leaf: number;
  /** The level of values that are not NULL. */
  readonly definition: number;
  /** The highest of its repetition levels. */
  readonly repetition: number;
}

export interface StructNode {
  readonly kind: 'struct';
  readonly type: NestedType;
  readonly definition: number;
  readonly fields: readonly NestedNode[];
}

/** An interval, of the leaves that `storage/interval-parts.ts` names. */
export interface IntervalNode {
  readonly kind: 'interval';
  readonly type: SqlType;
  readonly definition: number;
  readonly parts: readonly LeafNode[];
}

export interface ArrayNode {
  readonly kind: 'array';
  readonly type: NestedType;
  readonly definition: number;
  /** Below it the array is empty. */
  readonly elementDefinition: number;
  /** Of the entries that begin a further element. */
  readonly repetition: number;
  readonly element: NestedNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly type: NestedType;
  readonly definition: number;
  readonly elementDefinition: number;
  readonly repetition: number;
  readonly key: NestedNode;
  readonly value: NestedNode;
}

/** Deeper than anybody nests. */
const MAX_DEPTH = 32;

/** Why a column cannot be read: completes "column "x" is …". */
class Unreadable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

interface Levels {
  readonly definition: number;
  readonly repetition: number;
}

/** The tree of the column that begins at `index` of the schema, or why it cannot be read; and where the next begins. */
export function readNestedColumn(
  schema: readonly SchemaElement[],
  index: number,
  intervals: ReadonlySet<number> = new Set(),
): { readonly node: NestedNode | string; readonly next: number; readonly leafCount: number } {
  const reader = new NestedSchemaReader(schema, intervals);
  const next = endOf(schema, index);
  const leafCount = schema.slice(index, next).filter(isLeaf).length;
  try {
    return { node: reader.node(index, { definition: 0, repetition: 0 }, 0), next, leafCount };
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { node: thrown.reason, next, leafCount };
    throw thrown;
  }
}

const isLeaf = (element: SchemaElement): boolean => element.storage !== undefined && element.childCount === 0;

/** Where the subtree that begins at `index` ends. */
function endOf(schema: readonly SchemaElement[], index: number): number {
  let at = index;
  for (let pending = 1; pending > 0; at++) {
    const element = schema[at];
    if (element === undefined || element.childCount < 0) throw corruptError('its schema is incomplete');
    pending += element.childCount - 1;
  }
  return at;
}

class NestedSchemaReader {
  private readonly schema: readonly SchemaElement[];
  /** Which elements are groups that stand for intervals. */
  private readonly intervals: ReadonlySet<number>;
  private leaves = 0;

  constructor(schema: readonly SchemaElement[], intervals: ReadonlySet<number>) {
    this.schema = schema;
    this.intervals = intervals;
  }

  /** The node of an element; one that is repeated without being the inside of a list is an array itself. */
  node(index: number, parent: Levels, depth: number): NestedNode {
    const element = this.schema[index]!;
    if (depth > MAX_DEPTH) throw new Unreadable('nested too deeply');
    if (element.repetition !== 2) {
      const definition = parent.definition + (element.repetition === 1 ? 1 : 0);
      return this.content(index, { ...parent, definition }, depth);
    }
    const inside = { definition: parent.definition + 1, repetition: parent.repetition + 1 };
    return arrayNode(parent.definition, inside, this.content(index, inside, depth));
  }

  /** What an element is apart from its repetition. */
  private content(index: number, levels: Levels, depth: number): NestedNode {
    const element = this.schema[index]!;
    if (isLeaf(element)) return this.leaf(element, levels);
    const children = this.childrenOf(index);
    if (children.length === 0) throw new Unreadable('a struct without fields');
    if (this.intervals.has(index)) return this.interval(children, levels);
    const isList = element.logical?.kind === 'list' || element.convertedType === 3;
    const isMap = element.logical?.kind === 'map' || element.convertedType === 1 || element.convertedType === 2;
    if (isList && children.length === 1 && this.schema[children[0]!]!.repetition === 2) {
      return this.list(element, children[0]!, levels, depth);
    }
    if (isMap && children.length === 1 && this.schema[children[0]!]!.repetition === 2) {
      return this.map(children[0]!, levels, depth);
    }
    return this.struct(children, levels, depth);
  }

  private leaf(element: SchemaElement, { definition, repetition }: Levels): LeafNode {
    const column = columnOf({ ...element, repetition: 1 });
    if (column.type === undefined) throw new Unreadable(`nested, with a part that is ${column.reason}`);
    return { kind: 'leaf', type: column.type, column, leaf: this.leaves++, definition, repetition };
  }

  private interval(children: readonly number[], levels: Levels): IntervalNode {
    const parts = children.map((child) => this.leaf(this.schema[child]!, levels));
    return { kind: 'interval', type: INTERVAL, definition: levels.definition, parts };
  }

  private struct(children: readonly number[], levels: Levels, depth: number): StructNode {
    const fields = children.map((child) => this.node(child, levels, depth + 1));
    const type: NestedType = {
      kind: 'struct',
      fields: fields.map((field, i) => ({ name: this.schema[children[i]!]!.name, type: field.type })),
    };
    return { kind: 'struct', type, definition: levels.definition, fields };
  }

  /** The format's rules for lists of two levels, which old writers made, and of three. */
  private list(list: SchemaElement, index: number, { definition, repetition }: Levels, depth: number): ArrayNode {
    const repeated = this.schema[index]!;
    const inside = { definition: definition + 1, repetition: repetition + 1 };
    const children = this.childrenOf(index);
    const isElement =
      isLeaf(repeated) ||
      children.length !== 1 ||
      repeated.name === 'array' ||
      repeated.name === `${list.name}_tuple` ||
      this.schema[children[0]!]!.repetition === 2;
    const element = isElement ? this.content(index, inside, depth + 1) : this.node(children[0]!, inside, depth + 1);
    return arrayNode(definition, inside, element);
  }

  private map(index: number, { definition, repetition }: Levels, depth: number): MapNode {
    const children = this.childrenOf(index);
    if (children.length !== 2) throw new Unreadable('a map without values');
    const inside = { definition: definition + 1, repetition: repetition + 1 };
    const key = this.node(children[0]!, inside, depth + 1);
    const value = this.node(children[1]!, inside, depth + 1);
    return {
      kind: 'map',
      type: { kind: 'map', key: key.type, value: value.type },
      definition,
      elementDefinition: inside.definition,
      repetition: inside.repetition,
      key,
      value,
    };
  }

  private childrenOf(index: number): number[] {
    const children: number[] = [];
    let at = index + 1;
    for (let left = this.schema[index]!.childCount; left > 0; left--) {
      children.push(at);
      at = endOf(this.schema, at);
    }
    return children;
  }
}

function arrayNode(definition: number, inside: Levels, element: NestedNode): ArrayNode {
  return {
    kind: 'array',
    type: arrayOf(element.type),
    definition,
    elementDefinition: inside.definition,
    repetition: inside.repetition,
    element,
  };
}

/** The leaves of a tree, in their order. */
export function leavesOf(node: NestedNode): readonly LeafNode[] {
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

/** The same tree, whose values are made as those of a type that differs in names, lengths of text and annotations only. */
export function withType(node: NestedNode, type: SqlType): NestedNode {
  if (node.kind === 'leaf' || node.kind === 'interval') return { ...node, type };
  if (node.kind === 'array' && type.kind === 'array') {
    return { ...node, type, element: withType(node.element, type.element) };
  }
  if (node.kind === 'map' && type.kind === 'map') {
    return { ...node, type, key: withType(node.key, type.key), value: withType(node.value, type.value) };
  }
  if (node.kind === 'struct' && type.kind === 'struct') {
    return { ...node, type, fields: node.fields.map((field, i) => withType(field, type.fields[i]!.type)) };
  }
  throw bugError(`a ${node.kind} read as ${formatType(type)}`);
}
