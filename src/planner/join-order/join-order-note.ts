/** Why joins stand in their order, for EXPLAIN: what is believed of it beside the order that was written. */
export interface JoinOrderNote {
  /** How many relations were put in order together. */
  readonly relations: number;
  /** Of all joins, in ns of processor time. */
  readonly cost: number;
  /** The same as the query was written; undefined where that is no order of joins. */
  readonly writtenCost: number | undefined;
}
