/** Bindings of `assembly/assemble*.ts`. */
export interface AssembleKernels {
  entriesOfRows(repetitions: number, from: number, count: number, rows: number, result: number): number;
  countWords(words: number, count: number, value: number): number;
  leafSlots(
    entryRepetitions: number,
    entryDefinitions: number,
    from: number,
    to: number,
    definition: number,
    data: number,
    width: number,
    isText: number,
    selection: number,
    selected: number,
    state: number,
    pointers: number,
    lengths: number,
    repetitions: number,
    definitions: number,
  ): void;
  measureArrays(
    elementLengths: number,
    elementRepetitions: number,
    elementDefinitions: number,
    count: number,
    repetition: number,
    definition: number,
    elementDefinition: number,
    tag: number,
    lengths: number,
    repetitions: number,
    definitions: number,
    result: number,
  ): number;
  assembleArrays(
    elementPointers: number,
    elementLengths: number,
    elementRepetitions: number,
    elementDefinitions: number,
    count: number,
    repetition: number,
    elementDefinition: number,
    tag: number,
    scale: number,
    lengths: number,
    target: number,
    pointers: number,
  ): void;
  measureStructs(
    fields: number,
    fieldCount: number,
    definitions: number,
    count: number,
    definition: number,
    lengths: number,
  ): number;
  assembleStructs(
    fields: number,
    fieldCount: number,
    count: number,
    lengths: number,
    target: number,
    pointers: number,
  ): void;
  measureMaps(
    keyPointers: number,
    keyLengths: number,
    valuePointers: number,
    valueLengths: number,
    count: number,
    lengths: number,
  ): number;
  assembleMaps(
    keyPointers: number,
    keyLengths: number,
    valuePointers: number,
    count: number,
    lengths: number,
    target: number,
    pointers: number,
  ): void;
  assembleIntervals(
    months: number,
    days: number,
    microseconds: number,
    count: number,
    target: number,
    pointers: number,
    lengths: number,
  ): number;
  intervalsOfSlots(pointers: number, count: number, target: number, validity: number): number;
  viewsOfSlots(pointers: number, lengths: number, count: number, views: number, validity: number): number;
}
