/** Relations of one join graph as bits of an integer: relation `i` is bit `i`. */
export type RelationSet = number;

/** As many as fit the bits of an integer without its sign. */
export const MOST_RELATIONS = 30;

export const EMPTY_SET: RelationSet = 0;

export const setOf = (relation: number): RelationSet => 1 << relation;

/** The relations before `count`. */
export const firstRelations = (count: number): RelationSet => (1 << count) - 1;

export const isSubset = (part: RelationSet, whole: RelationSet): boolean => (part & ~whole) === 0;

export const overlaps = (one: RelationSet, other: RelationSet): boolean => (one & other) !== 0;

/** The relation with the lowest number, as a set. */
export const lowestOf = (set: RelationSet): RelationSet => set & -set;

export const lowestRelation = (set: RelationSet): number => 31 - Math.clz32(set & -set);

export const highestRelation = (set: RelationSet): number => 31 - Math.clz32(set);

export function relationsOf(set: RelationSet): number[] {
  const relations: number[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) relations.push(lowestRelation(rest));
  return relations;
}

export function unionOf(sets: readonly RelationSet[]): RelationSet {
  return sets.reduce((union, set) => union | set, EMPTY_SET);
}
