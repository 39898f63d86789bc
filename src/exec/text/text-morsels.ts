import type { PinnedTextFile, TextScanNode } from '../../planner/physical/physical-plan.js';
import type { TextFormat } from '../../planner/text-format.js';

/** What a lane reads of a text file at a time. */
export const TEXT_CHUNK_BYTES: number = 2 * 2 ** 20;

/** A unit of work of a text scan: a stretch of a file, or a whole file that has to be read from its start. */
export interface TextMorsel {
  readonly file: PinnedTextFile;
  readonly fileIndex: number;
  /** The number of the stretch in its file, and how many there are; `undefined` for a whole file. */
  readonly chunk: number | undefined;
  readonly chunkCount: number;
}

export function listTextMorsels({ files, format }: TextScanNode): TextMorsel[] {
  return files.flatMap((file, fileIndex): TextMorsel[] => {
    const chunkCount = countChunks(file, format);
    if (!isSplittable(file, format)) return [{ file, fileIndex, chunk: undefined, chunkCount }];
    return Array.from({ length: chunkCount }, (_, chunk) => ({ file, fileIndex, chunk, chunkCount }));
  });
}

export function countTextMorsels({ files, format }: TextScanNode): number {
  return files.reduce((count, file) => count + countChunks(file, format), 0);
}

function countChunks(file: PinnedTextFile, format: TextFormat): number {
  return isSplittable(file, format) ? Math.max(1, Math.ceil(file.byteLength / TEXT_CHUNK_BYTES)) : 1;
}

function isSplittable({ text }: PinnedTextFile, format: TextFormat): boolean {
  return text.compression === 'none' && !(format.kind === 'json' && format.layout === 'values');
}
