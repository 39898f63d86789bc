import { resourceError, userError } from '../../common/errors.js';
import { joinLocation } from '../location.js';
import type { ObjectStore } from '../object-store.js';
import { STATE_FOLDER } from './lake-layout.js';
import { decodeStateFile, encodeStateFile } from './state-file.js';

const FORMAT = 'sequence';
const VERSION = 1;

const MAX_ATTEMPTS = 1000;

/** How the numbers of a column follow each other; whole numbers as text, since JSON has no others of 64 bits. */
export interface NumberSequence {
  /** Under which name its state is kept: unique in the lake. */
  readonly id: string;
  readonly start: string;
  readonly increment: string;
  readonly least: string;
  readonly greatest: string;
  /** What comes first instead of `start`, where it was begun anew. */
  readonly restart?: string | undefined;
}

/** The first number that has not been given. */
interface SequenceState {
  readonly next: string;
}

const sequencePath = (lake: string, { id }: NumberSequence): string =>
  joinLocation(lake, STATE_FOLDER, 'sequences', id);

/**
 * Gives away `count` numbers, and answers the first. Nobody gets them a second time, in no process, whatever becomes of
 * the caller: the state is swapped, durably, before anybody uses them. `name` is for the error (2200H).
 */
export async function reserveNumbers(
  store: ObjectStore,
  lake: string,
  sequence: NumberSequence,
  count: number,
  name: string,
): Promise<bigint> {
  const increment = BigInt(sequence.increment);
  const path = sequencePath(lake, sequence);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const object = await store.readSwappable(path);
    const state = object && (decodeStateFile(object.bytes, FORMAT, VERSION, path) as SequenceState);
    const first = BigInt(state?.next ?? sequence.restart ?? sequence.start);
    if (count === 0) return first;
    const last = first + increment * BigInt(count - 1);
    if (last > BigInt(sequence.greatest) || last < BigInt(sequence.least)) throw exhausted(sequence, increment, name);
    const next: SequenceState = { next: String(last + increment) };
    if ((await store.compareAndSwap(path, object?.version, encodeStateFile(FORMAT, VERSION, next))) !== undefined) {
      return first;
    }
  }
  throw resourceError('55P03', `the numbers of "${name}" are wanted by too many writers`, { hint: 'Try again.' });
}

function exhausted({ least, greatest }: NumberSequence, increment: bigint, name: string): Error {
  const [which, bound] = increment > 0n ? ['maximum', greatest] : ['minimum', least];
  return userError('2200H', `nextval: reached ${which} value of sequence "${name}" (${bound})`, {
    hint: 'Use bigint for the column, or another bound.',
  });
}
