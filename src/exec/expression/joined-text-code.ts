import { emitRoomUnlessNull, pushChecked } from './checked-call-code.js';
import type { Memo } from './expression-generator.js';
import type { FunctionWriter } from './function-writer.js';
import type { StateCells } from './state-cells.js';

/** Pushes the text of a row and its separator. A NULL separates as an empty text does. */
export function pushTexts(writer: FunctionWriter, value: Memo, { local, nulls }: Memo): void {
  writer.get(value.local);
  if (nulls !== undefined) writer.zero('v128');
  writer.get(local);
  if (nulls === undefined) return;
  writer.get(nulls);
  writer.select('v128');
}

/** Finds room for the text of a row, unless it is NULL; returns the local of the chunk, which is 0 then. */
export function emitTextRoom(
  writer: FunctionWriter,
  cells: StateCells,
  offset: number,
  value: Memo,
  separator: Memo,
): number {
  const kernel = { name: 'joinedTextRoom', parameters: ['i64', 'v128', 'v128'], result: 'i32' } as const;
  return emitRoomUnlessNull(writer, value.nulls, kernel, () => {
    cells.load('i64', offset);
    pushTexts(writer, value, separator);
  });
}

export function appendText(
  writer: FunctionWriter,
  cells: StateCells,
  offset: number,
  value: Memo,
  separator: Memo,
  chunk: number,
): void {
  cells.store('i64', offset, () => {
    cells.load('i64', offset);
    writer.get(chunk);
    pushTexts(writer, value, separator);
    writer.kernel('joinedTextAppend', ['i64', 'i32', 'v128', 'v128'], 'i64');
  });
}

/** Pushes the text of a list that is not empty. */
export function pushJoinedText(writer: FunctionWriter, cells: StateCells, offset: number): void {
  pushChecked(writer, { name: 'joinedText', parameters: ['i64'], result: 'v128' }, () => cells.load('i64', offset));
}
