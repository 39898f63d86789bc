import type { Kernels } from '../../kernels/kernels.js';
import { MOST_CODED_ROWS } from '../../planner/lower/texts-to-code.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import { deriveDictionaryId } from '../expression/expression-context.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { type CodedText, JOIN_TEXT_CODES, type JoinLayout } from './join-layout.js';
import { type JoinId, type JoinRows, joinOwner } from './join-rows.js';
import type { LaneContext } from './operator.js';

type CodingContext = Pick<LaneContext, 'shared' | 'kernels' | 'scope' | 'owner' | 'block'>;
type CodedLayout = Pick<JoinLayout, 'codedTexts'>;

/*
 * The dictionaries of a join, at the word JOIN_TEXT_CODES: for each coded text of the layout
 *   0  u32 pointer to its entries, views of 16 bytes     4  u32 entries; 0 where its rows have no codes
 */
const DESCRIPTION_BYTES = 8;
const VIEW_BYTES = 16;

/** With more entries, what is computed once for each of them is no longer a trifle. */
const MAX_ENTRIES = 16_384;
/** What the dictionaries, and making them, may take of the memory that is free. */
const SHARE_OF_FREE = 1 / 16;

/**
 * Gives the texts of build rows that repeat, as names of a dimension do, codes: probe rows then take a code along instead
 * of a text, and what comes after finds groups by codes (ADR 6) and computes things once for each entry. Run by the last
 * lane of a build, when all `rowCount` rows are there to stay.
 */
export function codeBuildTexts(
  context: CodingContext,
  node: JoinId,
  { codedTexts }: CodedLayout,
  rows: readonly JoinRows[],
  rowCount: number,
): void {
  if (codedTexts.length === 0 || rowCount === 0 || rowCount > MOST_CODED_ROWS) return;
  const { shared, block, owner } = context;
  // A batch may go beyond before anybody looks.
  const room = Math.min(rowCount, MAX_ENTRIES + BATCH_ROWS);
  const slotCount = 2 ** Math.ceil(Math.log2(2 * room));
  const byteLength = slotCount * 4 + (codedTexts.length + 1) * room * VIEW_BYTES;
  if (byteLength > freeBreakerBytes(shared) * SHARE_OF_FREE) return;
  const lasting = new Scope(shared, joinOwner(context, node));
  const description = lasting.allocateCleared(codedTexts.length * DESCRIPTION_BYTES);
  const scratch = new Scope(shared, owner);
  const coder = new RowTextCoder(context, scratch, slotCount, room);
  for (const [index, coded] of codedTexts.entries()) {
    const count = coder.code(coded, rows);
    if (count === 0 || count > MAX_ENTRIES) continue;
    const entries = lasting.allocate(count * VIEW_BYTES);
    context.kernels.copyBytes(coder.entries, count * VIEW_BYTES, entries);
    shared.u32[description / 4 + index * 2] = entries;
    shared.u32[description / 4 + index * 2 + 1] = count;
  }
  scratch.free();
  block.setWord(node.id, JOIN_TEXT_CODES, description);
}

/** Numbers the texts of rows, one column after the other. */
class RowTextCoder {
  /** The different texts of the last column, as views. */
  readonly entries: number;
  private readonly kernels: Kernels;
  private readonly slots: number;
  private readonly slotCount: number;
  private readonly pointers: number;

  constructor({ kernels }: CodingContext, scope: Scope, slotCount: number, room: number) {
    this.kernels = kernels;
    this.slotCount = slotCount;
    this.slots = scope.allocate(slotCount * 4);
    this.entries = scope.allocate(room * VIEW_BYTES);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
  }

  /** Writes the codes of a column; returns how many different texts there are, or some number above the most. */
  code({ text, code }: CodedText, rows: readonly JoinRows[]): number {
    const { kernels, slots, slotCount, pointers, entries } = this;
    kernels.clearBytes(slots, slotCount * 4);
    let count = 0;
    for (const { collection } of rows) {
      for (let partition = 0; partition < PARTITION_COUNT; partition++) {
        const cursor = collection.openPartition(partition);
        for (let found = cursor.next(kernels, pointers); found > 0; found = cursor.next(kernels, pointers)) {
          const [at, valid] = [text.offset, text.validityOffset];
          count = kernels.codeRowTexts(pointers, at, valid, code.offset, found, slots, slotCount - 1, entries, count);
          if (count > MAX_ENTRIES) return count;
        }
      }
    }
    return count;
  }
}

/** The codes of a text in build rows, and the texts they stand for. */
export interface TextCodes {
  readonly coded: CodedText;
  /** Views. */
  readonly entries: number;
  readonly entryCount: number;
}

/** By the ordinals of build columns; those that the table gave no codes are missing. */
export function textCodesOf(
  { block, shared }: Pick<CodingContext, 'block' | 'shared'>,
  node: JoinId,
  { codedTexts }: CodedLayout,
): Map<number, TextCodes> {
  const found = new Map<number, TextCodes>();
  const description = block.getWord(node.id, JOIN_TEXT_CODES) / 4;
  if (description === 0) return found;
  for (const [index, coded] of codedTexts.entries()) {
    const [entries, entryCount] = [shared.u32[description + index * 2]!, shared.u32[description + index * 2 + 1]!];
    if (entryCount > 0) found.set(coded.ordinal, { coded, entries, entryCount });
  }
  return found;
}

/** Takes the texts of one column from build rows as codes. Owns its buffers: they are valid until the next call. */
export class TextCodeUnpacker {
  private readonly context: Pick<CodingContext, 'kernels'>;
  private readonly texts: TextCodes;
  private readonly dictionaryId = deriveDictionaryId();
  private readonly codes: number;
  private readonly validity: number;
  private readonly vector = new Vector('string');

  constructor(context: Pick<CodingContext, 'kernels' | 'scope'>, texts: TextCodes) {
    this.context = context;
    this.texts = texts;
    this.codes = context.scope.allocate(BATCH_ROWS * 4);
    this.validity = context.scope.allocate(BATCH_ROWS);
  }

  /** `pointers` are the addresses of `rowCount` rows. */
  take(pointers: number, rowCount: number): Vector {
    const { kernels } = this.context;
    const { codes, validity, vector } = this;
    const { coded, entries, entryCount } = this.texts;
    kernels.unpack4(pointers, coded.code.offset, rowCount, codes);
    const hasNulls = kernels.unpackValidity(pointers, coded.text.validityOffset, rowCount, validity) !== 0;
    vector.setDictionary(entries, entryCount, this.dictionaryId, codes, hasNulls ? validity : 0);
    return vector;
  }
}
