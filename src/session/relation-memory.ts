import type { LakeAccess } from '../catalog/lake-access.js';
import type { RelationName } from '../catalog/table-definition.js';
import type { Relation } from '../catalog/table-snapshot.js';
import type { FooterService } from './footer-service.js';

/** How long another process's CREATE or DROP may go unnoticed. The files of a table are always listed anew. */
const LIFETIME_MS = 100;

interface Remembered {
  readonly relation: Promise<Relation | undefined>;
  readonly expiresMs: number;
}

/**
 * Remembers for a moment what names stand for, since a statement is looked up when it is prepared and again when it is
 * executed. Forget everything after a statement of this engine that may have changed it.
 */
export class RelationMemory {
  private readonly lake: LakeAccess;
  private readonly footers: FooterService;
  private readonly relations = new Map<string, Remembered>();

  constructor(lake: LakeAccess, footers: FooterService) {
    this.lake = lake;
    this.footers = footers;
  }

  find(name: RelationName): Promise<Relation | undefined> {
    const key = `${name.schema}\u0000${name.name}`;
    const now = performance.now();
    const known = this.relations.get(key);
    if (known !== undefined && known.expiresMs > now) return known.relation;
    const relation = this.lake.findRelation(name, this.footers.inferSchema);
    this.relations.set(key, { relation, expiresMs: now + LIFETIME_MS });
    relation.catch(() => this.relations.delete(key));
    return relation;
  }

  forget(): void {
    this.relations.clear();
  }
}
