import { type MillraceError, userError } from '../common/errors.js';
import { nearestNameHint } from '../common/nearest-name.js';
import { joinLocation, parseLocation } from '../storage/location.js';
import type { ObjectStore } from '../storage/object-store.js';
import { expandPattern, isGlob, type MatchedFile } from './glob.js';
import { inferPartitionColumns } from './infer-partitions.js';
import { PartitionScheme } from './partition-scheme.js';
import { withPartitionColumns } from './relations.js';
import { distinct } from './snapshot-table.js';
import type { ColumnDefinition } from './table-definition.js';
import type { InferSchema, TableRelation } from './table-snapshot.js';

/** Files, and the columns that their folders make. */
export interface MatchedFiles {
  /** At least one. */
  readonly files: readonly MatchedFile[];
  readonly partitionColumns: readonly ColumnDefinition[];
  readonly displayName: string;
}

/** The files that patterns name, whatever is in them. */
export async function matchPatterns(
  store: ObjectStore,
  patterns: readonly string[],
  base: string,
): Promise<MatchedFiles> {
  const matched: MatchedFile[] = [];
  for (const pattern of patterns) {
    const files = await expandPattern(store, pattern, base);
    if (files.length === 0) throw await noFilesError(store, pattern, base);
    matched.push(...files);
  }
  const displayName = patterns.join(', ');
  const files = distinct(matched);
  const sample = files.at(-1);
  if (sample === undefined) {
    throw userError('22023', 'the list of files is empty', { hint: 'Name at least one file.' });
  }
  return { files, partitionColumns: inferColumns(displayName, files, sample), displayName };
}

/** Files as a table: a path, a folder, a pattern, or several. `key=value` folders on the way are columns. */
export async function resolvePatterns(
  store: ObjectStore,
  patterns: readonly string[],
  base: string,
  inferSchema: InferSchema,
): Promise<TableRelation> {
  const { files, partitionColumns, displayName } = await matchPatterns(store, patterns, base);
  const { path, byteLength, version } = files.at(-1)!;
  const columns = withPartitionColumns(await inferSchema({ path, byteLength, version }), partitionColumns);
  return { kind: 'table', displayName, columns, partitionColumns, source: { kind: 'files', patterns, base } };
}

function inferColumns(displayName: string, files: readonly MatchedFile[], sample: MatchedFile) {
  const depth = sample.folders.length;
  const levels = sample.folders.map((_, level) => files.map(({ folders }) => folders.slice(0, level + 1)));
  const stranger = files.find(({ folders }) => folders.length !== depth);
  if (stranger !== undefined) {
    const columns = inferPartitionColumns(
      displayName,
      sample.folders.map((_, level) => [sample.folders.slice(0, level + 1)]),
    );
    throw new PartitionScheme(displayName, columns).layoutError(stranger.folders);
  }
  return inferPartitionColumns(displayName, levels);
}

/** Says which part of the path is missing, and what it may have been meant to be. */
async function noFilesError(store: ObjectStore, pattern: string, base: string): Promise<MillraceError> {
  const location = parseLocation(pattern, base);
  if (await store.folderExists(location)) {
    return userError('58P01', `folder "${pattern}" has no data files`, {
      hint: `Files in other folders are found with a pattern: ${joinLocation(pattern.replace(/\/+$/, ''), '**')}/*.parquet.`,
    });
  }
  let folder = '';
  for (const segment of location.slice(1).split('/')) {
    const inside = joinLocation(folder === '' ? '/' : folder, segment);
    if (!isGlob(segment) && (await store.folderExists(inside))) {
      folder = inside;
      continue;
    }
    const listing = await store.listFolder(folder === '' ? '/' : folder);
    const names = [...listing.folders, ...listing.files.map((file) => file.path.slice(file.path.lastIndexOf('/') + 1))];
    if (isGlob(segment)) break;
    return userError('58P01', `file "${pattern}" does not exist`, {
      hint: nearestNameHint(segment, names, `There is no "${segment}" in "${folder || '/'}".`),
    });
  }
  return userError('58P01', `no file matches "${pattern}"`, {
    hint: `The pattern was looked for in "${folder || '/'}"; ** matches any number of folders.`,
  });
}
