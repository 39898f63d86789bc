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
export interface Observation {
  readonly lookUp: (catalog: CatalogView) => Promise<CatalogRelation | undefined>;
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
  readonly observations: Observation[] = [];
  private readonly catalog: CatalogView;
  private isComplete = true;

  constructor(catalog: CatalogView) {
    this.catalog = catalog;
  }

  /** Undefined where something was seen that cannot be compared later. */
  get all(): readonly Observation[] | undefined {
    return this.isComplete ? this.observations : undefined;
  }

  async findRelation(name: readonly string[]): Promise<CatalogRelation | undefined> {
    const lookUp: Observation['lookUp'] = (catalog) => catalog.findRelation(name);
    const relation = await this.catalog.findRelation(name);
    return relation?.kind === 'table' ? this.observe(lookUp, relation) : this.note(lookUp, relation);
  }

  async findFiles(request: FileRequest): Promise<CatalogTable | undefined> {
    const lookUp: Observation['lookUp'] = (catalog) => catalog.findFiles(request);
    const table = await this.catalog.findFiles(request);
    return table ? this.observe(lookUp, table) : this.note(lookUp, undefined);
  }

  async relationNames(): Promise<readonly string[]> {
    this.isComplete = false;
    return await this.catalog.relationNames();
  }

  private note<Found extends CatalogRelation | undefined>(lookUp: Observation['lookUp'], found: Found): Found {
    if (found && found.definition === undefined) this.isComplete = false;
    this.observations.push({ lookUp, definition: found?.definition, scans: [] });
    return found;
  }

  /** The table, whose scans are noted as well. */
  private observe(lookUp: Observation['lookUp'], table: CatalogTable): CatalogTable {
    const { definition, shared, listScans } = table;
    if (definition === undefined || listScans === undefined) this.isComplete = false;
    const scans: ObservedScan[] = [];
    this.observations.push({ lookUp, definition, scans });
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
export async function stillHold(observations: readonly Observation[], catalog: CatalogView): Promise<boolean> {
  return (await Promise.all(observations.map((observation) => stillHolds(observation, catalog)))).every(Boolean);
}

/** The same without the files, which a plan depends on but the types of its columns do not. */
export async function stillDefined(observations: readonly Observation[], catalog: CatalogView): Promise<boolean> {
  const found = await Promise.all(observations.map(({ lookUp }) => lookUp(catalog)));
  return found.every((relation, i) => relation?.definition === observations[i]!.definition);
}

async function stillHolds({ lookUp, definition, scans }: Observation, catalog: CatalogView): Promise<boolean> {
  const relation = await lookUp(catalog);
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
