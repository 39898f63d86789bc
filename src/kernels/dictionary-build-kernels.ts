/** Bindings of `assembly/dictionary-build.ts`, which draws the layout of `state`. */
export interface DictionaryBuildKernels {
  dictionaryEncode4(state: number, data: number, positions: number, count: number, codes: number): number;
  dictionaryEncode8(state: number, data: number, positions: number, count: number, codes: number): number;
  dictionaryEncode16(state: number, data: number, positions: number, count: number, codes: number): number;
  dictionaryEncodeStrings(state: number, views: number, positions: number, count: number, codes: number): number;
  dictionaryRehash(source: number, slotCount: number, target: number, mask: number): void;
  collectUntranslated(translation: number, codes: number, count: number, target: number): number;
}
