import { textPieces } from '../../exec/text/text-pieces.js';
import type { TextCompression } from '../../planner/text-format.js';
import type { PinnedFile } from '../../storage/object-store.js';
import { openPinnedFile } from '../../storage/open-pinned-file.js';

export interface FileSample {
  readonly text: string;
  /** It is all of the file. */
  readonly isWhole: boolean;
}

/** The start of a file: at least `byteLength` bytes, and `lines` lines, where there are as many. */
export async function sampleFile(
  pin: PinnedFile,
  compression: TextCompression,
  byteLength: number,
  lines = 0,
): Promise<FileSample> {
  const file = await openPinnedFile(pin);
  try {
    const pieces: Buffer[] = [];
    let taken = 0;
    let linesTaken = 0;
    for await (const piece of textPieces(file, compression)) {
      const part = Buffer.from(lines === 0 ? piece.subarray(0, byteLength - taken) : piece);
      pieces.push(part);
      taken += part.length;
      if (lines > 0) linesTaken += countLines(part);
      if (taken >= byteLength && linesTaken >= lines) {
        return { text: decode(pieces), isWhole: compression === 'none' && taken === file.byteLength };
      }
    }
    return { text: decode(pieces), isWhole: true };
  } finally {
    await file.close();
  }
}

/** Bytes that are no UTF-8 are found when they are read. */
function decode(pieces: readonly Buffer[]): string {
  return new TextDecoder('utf-8').decode(Buffer.concat(pieces));
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

export function compressionOfFile(path: string, told: string | undefined): TextCompression {
  if (told === 'gzip' || told === 'zstd' || told === 'none') return told;
  if (/\.gz$/i.test(path)) return 'gzip';
  return /\.zst$/i.test(path) ? 'zstd' : 'none';
}
