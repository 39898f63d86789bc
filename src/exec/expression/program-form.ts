import { castOf } from '../../functions/casts/casts.js';
import { tryCastOf } from '../../functions/casts/try-cast.js';
import type { ConstantTable, FunctionImplementation } from '../../functions/function-types.js';
import { scalarOverload } from '../../functions/registry.js';
import { letterCaseTables, powersOfTenTable, wordTables } from '../../kernels/constant-tables.js';
import type { Expression } from '../../planner/expression.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BLOCK_ENTRY_BYTES } from './argument-block.js';
import type { CompiledModule } from './expression-context.js';
import type { ExpressionGraph, GraphNode } from './expression-graph.js';
import { reachable, structureOf } from './graph-structure.js';

/** What all programs have in common that do the same with the same nodes of a graph: rounds make them again and again. */
export interface ProgramForm {
  readonly roots: readonly GraphNode[];
  /** Those that code reads from batches. */
  readonly columns: readonly GraphNode[];
  /** Names the code, but for the shapes of columns. */
  readonly key: string;
  /** Is there a wide decimal, and can all of them be tried in 64 bits? */
  readonly canNarrow: boolean;
  readonly isVolatile: boolean;
  /** Room for the operands of a call by memory, its result, and a word for each. */
  readonly scratchBytes: number;
  /** Nodes whose code reads a table. */
  readonly readers: readonly GraphNode[];
  /** By mode and shapes. Empty where memory is checked, and so are modules each time. */
  readonly compiled: Map<string, CompiledModule>;
}

const forms = new WeakMap<ExpressionGraph, Map<string, ProgramForm>>();

/** `purpose` says what is done with the roots. The graph must not grow any more. */
export function formOf(graph: ExpressionGraph, roots: readonly GraphNode[], purpose: string): ProgramForm {
  let ofGraph = forms.get(graph);
  if (ofGraph === undefined) {
    ofGraph = new Map();
    forms.set(graph, ofGraph);
  }
  const known = ofGraph.get(purpose);
  if (known?.roots.length === roots.length && known.roots.every((root, index) => root === roots[index])) return known;
  const form = derive(roots, purpose);
  ofGraph.set(purpose, form);
  return form;
}

function derive(roots: readonly GraphNode[], purpose: string): ProgramForm {
  const nodes = reachable(roots);
  // Whether a value is used once or again decides how code keeps it.
  const uses = nodes.map((node) => (node.uses > 1 ? '+' : '-')).join('');
  return {
    roots: [...roots],
    columns: nodes.filter((node) => node.expression.kind === 'column'),
    key: `${purpose}|${structureOf(roots)}|${uses}`,
    canNarrow: canComputeNarrow(nodes),
    scratchBytes: scratchBytesOf(nodes),
    isVolatile: nodes.some((node) => node.volatile),
    readers: nodes.filter((node) => tableOf(node) !== undefined),
    compiled: new Map(),
  };
}

function scratchBytesOf(nodes: readonly GraphNode[]): number {
  const WORD_BYTES = 4;
  const operands = nodes.reduce((most, { children }) => Math.max(most, children.length), 0);
  const bytes = (operands + 1) * (BLOCK_ENTRY_BYTES + WORD_BYTES);
  return Math.ceil(bytes / BLOCK_ENTRY_BYTES) * BLOCK_ENTRY_BYTES;
}

function implementationOf(expression: Expression): FunctionImplementation | undefined {
  if (expression.kind === 'call') {
    const { implementation } = scalarOverload(expression.overload);
    return implementation.kind === 'tryCast' ? tryCastOf(expression.args[0]!.type, expression.type) : implementation;
  }
  return expression.kind === 'cast' ? castOf(expression.input.type, expression.type).implementation : undefined;
}

const FILLED_BY: Readonly<Record<ConstantTable, (shared: SharedMemory) => unknown>> = {
  powersOfTen: powersOfTenTable,
  letterCases: letterCaseTables,
  words: wordTables,
};

/** The table that the code of a node reads, if any. */
function tableOf({ expression }: GraphNode): ((shared: SharedMemory) => unknown) | undefined {
  const implementation = implementationOf(expression);
  if (implementation?.kind === 'like' && implementation.ignoreCase) return letterCaseTables;
  if (implementation === undefined || !('needs' in implementation)) return undefined;
  const { needs } = implementation;
  return needs === undefined ? undefined : FILLED_BY[needs];
}

export function fillTables(shared: SharedMemory, { readers }: ProgramForm): void {
  for (const node of readers) tableOf(node)!(shared);
}

function canComputeNarrow(nodes: readonly GraphNode[]): boolean {
  let hasWide = false;
  for (const { expression, type } of nodes) {
    if (type.kind === 'decimal' && byteWidthOf(physicalTypeOf(type)) === 16) hasWide = true;
    const implementation = implementationOf(expression);
    if (implementation?.kind === 'emit' && implementation.wideOnly) return false;
    if (expression.kind === 'constant' && typeof expression.value === 'bigint') {
      if (BigInt.asIntN(64, expression.value) !== expression.value) return false;
    }
    if (expression.kind === 'inList' && expression.input.type.kind === 'decimal') {
      if (byteWidthOf(physicalTypeOf(expression.input.type)) === 16) return false;
    }
  }
  return hasWide;
}
