import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { deriveDictionaryId } from '../expression/expression-context.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import { type CodedText, JOIN_TEXT_CODES, type JoinLayout } from './join-layout.js';
import { type JoinRows, joinOwner } from './join-rows.js';
import type { LaneContext } from './operator.js';

/*
 * The dictionaries of a join, at the word JOIN_TEXT_CODES: for each coded text of the layout
 *   0  u32 pointer to its entries, views of 16 bytes     4  u32 entries; 0 where its rows have no codes
 */
const DESCRIPTION_BYTES = 8;
const VIEW_BYTES = 16;

/** More rows are not coded: one lane does it, while the others wait. The planner has the same number. */
const MAX_ROWS = 131_072;
/** With more entries, what is computed once for each of them is no longer a trifle. */
const MAX_ENTRIES = 16_384;

/**
 * Gives the texts of build rows that repeat, as names of a dimension do, codes: probe rows then take a code along instead
 * of a text, and what comes after finds groups by codes (ADR 6) and computes things once for each entry. Run by the last
 * lane of a build, when all `rowCount` rows are there to stay.
 */
export function codeBuildTexts(
  context: LaneContext,
  node: HashJoinNode,
  { codedTexts }: JoinLayout,
  rows: readonly JoinRows[],
  rowCount: number,
): void {
  if (codedTexts.length === 0 || rowCount === 0 || rowCount > MAX_ROWS) return;
  const { shared, block, owner } = context;
  const lasting = new Scope(shared, joinOwner(context, node));
  const description = lasting.allocateCleared(codedTexts.length * DESCRIPTION_BYTES);
  const scratch = new Scope(shared, owner);
  try {
    const slotCount = 2 ** Math.ceil(Math.log2(2 * rowCount));
    const slots = scratch.allocate(slotCount * 4);
    const views = scratch.allocate(rowCount * VIEW_BYTES);
    const pointers = scratch.allocate(BATCH_ROWS * 4);
    for (const [index, coded] of codedTexts.entries()) {
      context.kernels.clearBytes(slots, slotCount * 4);
      const count = codeRows(context, coded, rows, { slots, slotCount, views, pointers });
      if (count === 0 || count > MAX_ENTRIES) continue;
      const entries = lasting.allocate(count * VIEW_BYTES);
      context.kernels.copyBytes(views, count * VIEW_BYTES, entries);
      shared.u32[description / 4 + index * 2] = entries;
      shared.u32[description / 4 + index * 2 + 1] = count;
    }
  } finally {
    scratch.free();
  }
  block.setWord(node.id, JOIN_TEXT_CODES, description);
}

interface CodingSpace {
  readonly slots: number;
  readonly slotCount: number;
  readonly views: number;
  readonly pointers: number;
}

function codeRows(
  { kernels }: LaneContext,
  { text, code }: CodedText,
  rows: readonly JoinRows[],
  { slots, slotCount, views, pointers }: CodingSpace,
): number {
  let count = 0;
  for (const { collection } of rows) {
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      if (collection.rowCountOf(partition) === 0) continue;
      collection.forEachBatch(partition, kernels, pointers, (batchRows) => {
        const [at, valid, to] = [text.offset, text.validityOffset, code.offset];
        count = kernels.codeRowTexts(pointers, at, valid, to, batchRows, slots, slotCount - 1, views, count);
      });
    }
  }
  return count;
}

/** Takes the texts of one column from build rows as codes. Owns its buffers: they are valid until the next call. */
export class TextCodeUnpacker {
  private readonly context: LaneContext;
  private readonly coded: CodedText;
  private readonly entries: number;
  private readonly entryCount: number;
  private readonly dictionaryId = deriveDictionaryId();
  private readonly codes: number;
  private readonly validity: number;
  private readonly vector = new Vector('string');

  private constructor(context: LaneContext, coded: CodedText, entries: number, entryCount: number) {
    this.context = context;
    this.coded = coded;
    this.entries = entries;
    this.entryCount = entryCount;
    this.codes = context.scope.allocate(BATCH_ROWS * 4);
    this.validity = context.scope.allocate(BATCH_ROWS);
  }

  /** By the ordinals of build columns; those that the table gave no codes are missing. */
  static attach(context: LaneContext, node: HashJoinNode, { codedTexts }: JoinLayout): Map<number, TextCodeUnpacker> {
    const { block, shared } = context;
    const unpackers = new Map<number, TextCodeUnpacker>();
    const description = block.getWord(node.id, JOIN_TEXT_CODES) / 4;
    if (description === 0) return unpackers;
    for (const [index, coded] of codedTexts.entries()) {
      const [entries, count] = [shared.u32[description + index * 2]!, shared.u32[description + index * 2 + 1]!];
      if (count > 0) unpackers.set(coded.ordinal, new TextCodeUnpacker(context, coded, entries, count));
    }
    return unpackers;
  }

  /** `pointers` are the addresses of `rowCount` rows. */
  unpack(pointers: number, rowCount: number): Vector {
    const { kernels } = this.context;
    const { codes, validity, vector } = this;
    const { text, code } = this.coded;
    kernels.unpack4(pointers, code.offset, rowCount, codes);
    const hasNulls = kernels.unpackValidity(pointers, text.validityOffset, rowCount, validity) !== 0;
    vector.setDictionary(this.entries, this.entryCount, this.dictionaryId, codes, hasNulls ? validity : 0);
    return vector;
  }
}
