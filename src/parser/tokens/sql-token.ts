import type { IToken, TokenType } from 'chevrotain';

/** A token in the shape chevrotain's parser reads. Always built by the constructor, so that its shape is one. */
export class SqlToken implements IToken {
  /** The token's text as written. */
  image: string;
  startOffset: number;
  /** The last character's offset (inclusive, as chevrotain has it). */
  endOffset: number;
  tokenType: TokenType;
  tokenTypeIdx: number;
  /** The folded name, the decoded string, the number's digits, the operator's canonical symbol. */
  text: string;

  constructor(type: TokenType, sql: string, start: number, end: number, text?: string) {
    this.image = sql.slice(start, end);
    this.startOffset = start;
    this.endOffset = end - 1;
    this.tokenType = type;
    this.tokenTypeIdx = type.tokenTypeIdx as number;
    this.text = text ?? this.image;
  }

  retag(type: TokenType): void {
    this.tokenType = type;
    this.tokenTypeIdx = type.tokenTypeIdx as number;
  }

  /** A token of its own from some of the characters. */
  part(type: TokenType, from: number, to: number): SqlToken {
    const part = new SqlToken(type, this.image, from, to);
    part.startOffset = this.startOffset + from;
    part.endOffset = this.startOffset + to - 1;
    return part;
  }
}
