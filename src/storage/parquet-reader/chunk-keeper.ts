import { createHash } from 'node:crypto';
import type { BlockKey } from '../../vector/kept-directory.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { PinnedFile } from '../object-store.js';
import { ChunkImage, pagesOfImage } from './chunk-image.js';
import { pinKey } from './footer-cache.js';
import type { PageImage } from './page-environment.js';
import type { ChunkPages } from './page-header.js';

/** The words of a file, as it was pinned, in the keys of what is kept of it. */
export type FileDigest = readonly [number, number, number];

export function digestOf(pin: PinnedFile): FileDigest {
  const digest = createHash('sha256').update(pinKey(pin)).digest();
  return [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8)];
}

/** Finds decompressed column chunks of one file in the shared memory, and keeps those that are decompressed whole. */
export class ChunkKeeper {
  private readonly shared: SharedMemory;
  /** Lives as long as what is found is used. */
  private readonly scope: Scope;
  private readonly file: FileDigest;

  constructor(shared: SharedMemory, scope: Scope, file: FileDigest) {
    this.shared = shared;
    this.scope = scope;
    this.file = file;
  }

  /** `chunk`: its number among all of the file. */
  find(chunk: number): ChunkPages | undefined {
    const { shared, scope } = this;
    const kept = shared.useKept(this.keyOf(chunk), scope.owner);
    if (kept === undefined) return undefined;
    scope.onRelease(() => shared.releaseKept(kept));
    return pagesOfImage(shared, kept.pointer);
  }

  /** Where the pages of a chunk are to be decompressed to: it is kept once all of them are. */
  begin(chunk: number, pages: ChunkPages): PageImage | undefined {
    const { shared, scope } = this;
    const image = ChunkImage.of(shared, pages);
    if (image === undefined) return undefined;
    const { byteLength } = image;
    const block = shared.allocateKeepable(byteLength, scope.owner);
    if (block === undefined) return undefined;
    image.placeAt(block.pointer);
    scope.onRelease(() => shared.releaseKept(block));
    return {
      bodyOf: (page) => image.bodyOf(page),
      noteLoaded: (page) => {
        if (image.noteLoaded(page)) shared.keep(this.keyOf(chunk), block, byteLength);
      },
    };
  }

  private keyOf(chunk: number): BlockKey {
    return [...this.file, chunk];
  }
}
