// Fields of text files, where they lie in the file's bytes: u32 pointer, u32 length and flags. Pointer 0: there is none.

// @ts-ignore: decorator
@inline export const FIELD_QUOTED: u32 = 0x80000000;
// @ts-ignore: decorator
@inline export const FIELD_ESCAPED: u32 = 0x40000000;
// @ts-ignore: decorator
@inline export const FIELD_LENGTH: u32 = 0x1fffffff;
