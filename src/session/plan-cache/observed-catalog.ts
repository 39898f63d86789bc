import type {
  CatalogFile,
  CatalogRelation,
  CatalogTable,
  CatalogView,
  FileIdentity,
  ScanRequest,
  TableFiles,
} from '../../planner/catalog-view.js';
import type { FileRequest } from '../../planner/file-request.js';

/** What planning learned from the catalog, and how to learn whether that is still so. */
export interface Observations {
  readonly lookUps: readonly LookUp[];
  /** Undefined where nobody asked. */
  readonly relationNames: readonly string[] | undefined;
}

interface LookUp {
  readonly find: (catalog: CatalogView) => Promise<CatalogRelation | undefined>;
  /** Of what was found; undefined where nothing was. */
  readonly definition: string | undefined;
  readonly scans: readonly ObservedScan[];
}

interface ObservedScan {
  readonly request: ScanRequest;
  readonly files: readonly string[];
}

/** A catalog that notes what a planner asks it. */
export class ObservedCatalog implements CatalogView {
  private readonly lookUps: LookUp[] = [];
  private names: readonly string[] | undefined;
  private readonly catalog: CatalogView;
  private isComplete = true;

  constructor(catalog: CatalogView) {
    this.catalog = catalog;
  }

  /** Undefined where something was seen that cannot be compared later. */
  get observations(): Observations | undefined {
    return this.isComplete ? { lookUps: this.lookUps, relationNames: this.names } : undefined;
  }

  async findRelation(name: readonly string[]): Promise<CatalogRelation | undefined> {
    const find: LookUp['find'] = (catalog) => catalog.findRelation(name);
    const relation = await this.catalog.findRelation(name);
    return relation?.kind === 'table' ? this.observe(find, relation) : this.note(find, relation);
  }

  async findFiles(request: FileRequest): Promise<CatalogTable | undefined> {
    const find: LookUp['find'] = (catalog) => catalog.findFiles(request);
    const table = await this.catalog.findFiles(request);
    return table ? this.observe(find, table) : this.note(find, undefined);
  }

  async relationNames(): Promise<readonly string[]> {
    this.names = await this.catalog.relationNames();
    return this.names;
  }

  private note<Found extends CatalogRelation | undefined>(find: LookUp['find'], found: Found): Found {
    if (found && found.definition === undefined) this.isComplete = false;
    this.lookUps.push({ find, definition: found?.definition, scans: [] });
    return found;
  }

  /** The table, whose scans are noted as well. */
  private observe(find: LookUp['find'], table: CatalogTable): CatalogTable {
    const { definition, shared, listScans } = table;
    if (definition === undefined || listScans === undefined) this.isComplete = false;
    const scans: ObservedScan[] = [];
    this.lookUps.push({ find, definition, scans });
    const noted = (request: ScanRequest, answer: TableFiles): TableFiles => {
      scans.push({ request, files: answer.files.map(identityOf) });
      return answer;
    };
    return {
      ...table,
      openScan: async (request) => noted(request, await table.openScan(request)),
      shared: shared && {
        key: shared.key,
        openScans: async (requests) =>
          (await shared.openScans(requests)).map((answer, i) => noted(requests[i]!, answer)),
      },
    };
  }
}

/** Would planning learn the same now? */
export async function stillHold(observations: Observations, catalog: CatalogView): Promise<boolean> {
  const relations = await findAgain(observations, catalog);
  if (relations === undefined) return false;
  // What several of them read of one table is listed once.
  const tables = new Map<string, { readonly relation: CatalogRelation; readonly scans: ObservedScan[] }>();
  for (const [i, { definition, scans }] of observations.lookUps.entries()) {
    if (definition === undefined || scans.length === 0) continue;
    const table = tables.get(definition);
    if (table === undefined) tables.set(definition, { relation: relations[i]!, scans: [...scans] });
    else table.scans.push(...scans);
  }
  const [names, ...lists] = await Promise.all([
    namesStillHold(observations, catalog),
    ...Array.from(tables.values(), ({ relation, scans }) => listTheSame(relation, scans)),
  ]);
  return names && lists.every(Boolean);
}

/** The same without the files, which a plan depends on but the types of its columns do not. */
export async function stillDefined(observations: Observations, catalog: CatalogView): Promise<boolean> {
  if ((await findAgain(observations, catalog)) === undefined) return false;
  return await namesStillHold(observations, catalog);
}

/** What was found, one a look-up; undefined where one finds something else now. */
async function findAgain(
  { lookUps }: Observations,
  catalog: CatalogView,
): Promise<readonly (CatalogRelation | undefined)[] | undefined> {
  const found = await Promise.all(lookUps.map(({ find }) => find(catalog)));
  return found.every((relation, i) => relation?.definition === lookUps[i]!.definition) ? found : undefined;
}

async function namesStillHold({ relationNames }: Observations, catalog: CatalogView): Promise<boolean> {
  return relationNames === undefined || relationNames.join('\n') === (await catalog.relationNames()).join('\n');
}

/** Would the scans of a table read the same files? */
async function listTheSame(relation: CatalogRelation, scans: readonly ObservedScan[]): Promise<boolean> {
  if (relation.kind !== 'table' || relation.listScans === undefined) return false;
  const listed = await relation.listScans(scans.map(({ request }) => request));
  return scans.every(({ files }, i) => areThose(files, listed[i]!));
}

function areThose(files: readonly string[], listed: readonly FileIdentity[]): boolean {
  return files.length === listed.length && files.every((file, i) => file === identityOf(listed[i]!));
}

function identityOf({ path, byteLength, version }: FileIdentity | CatalogFile): string {
  return `${path}\n${byteLength}\n${version}`;
}
