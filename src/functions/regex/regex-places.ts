/** Where arguments stand in a call; the text is the first. */
export interface RegexPlaces {
  readonly pattern: number;
  readonly flags?: number;
  readonly start?: number;
  /** Which match is meant. */
  readonly n?: number;
  readonly group?: number;
  /** Of regexp_instr: is the place after the match asked for? */
  readonly after?: number;
  readonly replacement?: number;
  /** Of SIMILAR TO: patterns are its own; a place, or none for a backslash. */
  readonly similar?: { readonly escape?: number };
  /** Added to the flags. */
  readonly options?: string;
}
