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
  const [names, ...found] = await Promise.all([
    namesStillHold(observations, catalog),
    ...observations.lookUps.map((lookUp) => stillHolds(lookUp, catalog)),
  ]);
  return names && found.every(Boolean);
}

/** The same without the files, which a plan depends on but the types of its columns do not. */
export async function stillDefined(observations: Observations, catalog: CatalogView): Promise<boolean> {
  const { lookUps } = observations;
  const found = await Promise.all(lookUps.map(({ find }) => find(catalog)));
  if (!found.every((relation, i) => relation?.definition === lookUps[i]!.definition)) return false;
  return await namesStillHold(observations, catalog);
}

async function namesStillHold({ relationNames }: Observations, catalog: CatalogView): Promise<boolean> {
  return relationNames === undefined || relationNames.join('\n') === (await catalog.relationNames()).join('\n');
}

async function stillHolds({ find, definition, scans }: LookUp, catalog: CatalogView): Promise<boolean> {
  const relation = await find(catalog);
  if (relation?.definition !== definition) return false;
  if (scans.length === 0) return true;
  if (relation?.kind !== 'table' || relation.listScans === undefined) return false;
  const listed = await relation.listScans(scans.map(({ request }) => request));
  return scans.every(({ files }, i) => areThose(files, listed[i]!));
}

function areThose(files: readonly string[], listed: readonly FileIdentity[]): boolean {
  return files.length === listed.length && files.every((file, i) => file === identityOf(listed[i]!));
}

function identityOf({ path, byteLength, version }: FileIdentity | CatalogFile): string {
  return `${path}\n${byteLength}\n${version}`;
}
