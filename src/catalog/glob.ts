import { userError } from '../common/errors.js';
import type { PartitionFolders } from '../storage/commit/intent.js';
import { isPartitionFolder } from '../storage/commit/list-table-folder.js';
import { baseName, isIgnoredName, joinLocation, parseLocation } from '../storage/location.js';
import { mapConcurrently } from '../storage/map-concurrently.js';
import type { ObjectStore, PinnedFile } from '../storage/object-store.js';

const LISTING_CONCURRENCY = 8;

/** A file that a pattern names, with the `key=value` folders on its way. */
export interface MatchedFile extends PinnedFile {
  readonly folders: PartitionFolders;
}

/**
 * The files that `pattern` names: a file; a folder, with the `key=value` folders in it; or a glob of `*`, `?`, `[a-z]`,
 * `{a,b}` and `**` (any number of folders). Walks into a `key=value` folder only if `enters` is true. Sorted by path.
 */
export async function expandPattern(
  store: ObjectStore,
  pattern: string,
  base: string,
  enters: (folders: PartitionFolders) => boolean = () => true,
): Promise<MatchedFile[]> {
  const location = parseLocation(pattern, base);
  const root = location.startsWith(`${base}/`) ? base : '/';
  const segments = location.slice(root === '/' ? 1 : root.length + 1).split('/');
  const literal = await expandLiteral(store, location, segments, enters);
  const files = literal ?? (await new GlobWalk(store, enters).walk(root, segments, []));
  return [...new Map(files.map((file) => [file.path, file])).values()].sort((left, right) =>
    left.path < right.path ? -1 : 1,
  );
}

/** A path that exists as it is written needs no matching, whatever characters are in it. */
async function expandLiteral(
  store: ObjectStore,
  location: string,
  segments: readonly string[],
  enters: (folders: PartitionFolders) => boolean,
): Promise<MatchedFile[] | undefined> {
  const file = await store.stat(location);
  if (file !== undefined) return [matched(file, segments.slice(0, -1).filter(isPartitionFolder))];
  if (!(await store.folderExists(location))) return undefined;
  return await new GlobWalk(store, enters).walkPartitions(location, segments.filter(isPartitionFolder));
}

class GlobWalk {
  readonly #store: ObjectStore;
  readonly #enters: (folders: PartitionFolders) => boolean;

  constructor(store: ObjectStore, enters: (folders: PartitionFolders) => boolean) {
    this.#store = store;
    this.#enters = enters;
  }

  async walk(folder: string, segments: readonly string[], keys: PartitionFolders): Promise<MatchedFile[]> {
    const [segment = '', ...rest] = segments;
    if (segment === '**') return await this.#walkAnyDepth(folder, rest.length === 0 ? ['*'] : rest, keys);
    if (rest.length > 0 && !isGlob(segment)) return await this.#enter(folder, segment, rest, keys);
    const listing = await this.#store.listFolder(folder);
    const matches = globMatcher(segment);
    if (rest.length === 0) {
      return listing.files.filter((file) => matches(baseName(file.path))).map((file) => matched(file, keys));
    }
    const folders = listing.folders.filter(matches);
    return (
      await mapConcurrently(folders, LISTING_CONCURRENCY, (name) => this.#enter(folder, name, rest, keys))
    ).flat();
  }

  async #walkAnyDepth(folder: string, rest: readonly string[], keys: PartitionFolders): Promise<MatchedFile[]> {
    const here = await this.walk(folder, rest, keys);
    const { folders } = await this.#store.listFolder(folder);
    const names = folders.filter((name) => !isIgnoredName(name));
    const below = await mapConcurrently(names, LISTING_CONCURRENCY, (name) =>
      this.#enter(folder, name, ['**', ...rest], keys),
    );
    return [...here, ...below.flat()];
  }

  async #enter(folder: string, name: string, rest: readonly string[], keys: PartitionFolders): Promise<MatchedFile[]> {
    const inside = isPartitionFolder(name) ? [...keys, name] : keys;
    if (inside !== keys && !this.#enters(inside)) return [];
    return await this.walk(joinLocation(folder, name), rest, inside);
  }

  /** All data files of a folder and of the `key=value` folders in it. */
  async walkPartitions(folder: string, keys: PartitionFolders): Promise<MatchedFile[]> {
    const listing = await this.#store.listFolder(folder);
    const files = listing.files.filter((file) => !isIgnoredName(baseName(file.path)));
    const names = listing.folders.filter((name) => isPartitionFolder(name) && this.#enters([...keys, name]));
    const below = await mapConcurrently(names, LISTING_CONCURRENCY, (name) =>
      this.walkPartitions(joinLocation(folder, name), [...keys, name]),
    );
    return [...files.map((file) => matched(file, keys)), ...below.flat()];
  }
}

export function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** Wildcards do not match names that are never data (`.x`, `_x`), unless the pattern begins that way too. */
export function globMatcher(glob: string): (name: string) => boolean {
  if (!isGlob(glob)) return (name) => name === glob;
  const expression = compileGlob(glob);
  return (name) => expression.test(name) && (!isIgnoredName(name) || name[0] === glob[0]);
}

function compileGlob(glob: string): RegExp {
  let openBraces = 0;
  const source = (glob.match(/\[[!^]?\]?[^\]]*\]|./gsu) ?? []).map((part) => {
    if (part.length > 1 && part.startsWith('[')) return part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^');
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part === '{') {
      openBraces++;
      return '(?:';
    }
    if (part === '}' && openBraces > 0) {
      openBraces--;
      return ')';
    }
    if (part === ',' && openBraces > 0) return '|';
    return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  try {
    return new RegExp(`^(?:${source.join('')})$`, 'su');
  } catch (cause) {
    throw userError('22023', `invalid pattern "${glob}"`, { hint: 'Close every { and [.', cause });
  }
}

function matched({ path, byteLength, version }: PinnedFile, folders: PartitionFolders): MatchedFile {
  return { path, byteLength, version, folders };
}
