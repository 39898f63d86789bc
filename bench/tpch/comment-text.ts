import { createRandomStream, drawInteger, type RandomStream } from './random.js';

/**
 * Comments are random substrings of one pool of sentences made by the specification's grammar (4.2.2.13, 4.2.2.14).
 * dbgen's pool is 300 MB; ours is smaller, which no query can tell.
 */
const POOL_LENGTH = 16 * 1024 * 1024;

/** Words with weights: "word" stands for weight 1, "word*20" for 20; words of a list are separated by "|". */
interface WeightedList {
  readonly words: readonly string[];
  /** Upper bounds of the words' shares, ascending; the last is the sum of all weights. */
  readonly cumulativeWeights: readonly number[];
}

function parseWeightedList(text: string): WeightedList {
  const words: string[] = [];
  const cumulativeWeights: number[] = [];
  let sum = 0;
  for (const entry of text.split('|')) {
    const [word, weight] = entry.split('*');
    words.push(word ?? '');
    sum += Number(weight ?? 1);
    cumulativeWeights.push(sum);
  }
  return { words, cumulativeWeights };
}

const SENTENCES = parseWeightedList('N V T*3|N V P T*3|N V N T*3|N P V N T|N P V P T');
const NOUN_PHRASES = parseWeightedList('N*10|J N*20|J, J N*10|D J N*50');
const VERB_PHRASES = parseWeightedList('V*30|X V|V D*40|X V D');
const NOUNS = parseWeightedList(
  'packages*40|requests*40|accounts*40|deposits*40|foxes*20|ideas*20|theodolites*20|pinto beans*20|' +
    'instructions*20|dependencies*10|excuses*10|platelets*10|asymptotes*10|courts*5|dolphins*5|multipliers|' +
    'sauternes|warthogs|frets|dinos|attainments|somas|Tiresias|patterns|forges|braids|frays|warhorses|dugouts|' +
    'notornis|epitaphs|pearls|tithes|waters|orbits|gifts|sheaves|depths|sentiments|decoys|realms|pains|grouches|' +
    'escapades|hockey players',
);
const VERBS = parseWeightedList(
  'sleep*20|wake*20|are*20|cajole*20|haggle*20|nag*10|use*10|boost*10|affix*5|detect*5|integrate*5|maintain|nod|' +
    'was|lose|sublate|solve|thrash|promise|engage|hinder|print|x-ray|breach|eat|grow|impress|mold|poach|serve|run|' +
    'dazzle|snooze|doze|unwind|kindle|play|hang|believe|doubt',
);
const ADJECTIVES = parseWeightedList(
  'special*20|pending*20|unusual*20|express*20|furious|sly|careful|blithe|quick|fluffy|slow|quiet|ruthless|thin|' +
    'close|dogged|daring|brave|stealthy|permanent|enticing|idle|busy|regular*50|final*40|ironic*40|even*30|bold*20|' +
    'silent*10',
);
const ADVERBS = parseWeightedList(
  'sometimes|always|never|furiously*50|slyly*50|carefully*50|blithely*40|quickly*30|fluffily*20|slowly|quietly|' +
    'ruthlessly|thinly|closely|doggedly|daringly|bravely|stealthily|permanently|enticingly|idly|busily|regularly|' +
    'finally|ironically|evenly|boldly|silently',
);
const PREPOSITIONS = parseWeightedList(
  'about*50|above*50|according to*50|across*50|after*50|against*40|along*40|alongside of*30|among*30|around*20|' +
    'at*10|atop|before|behind|beneath|beside|besides|between|beyond|by|despite|during|except|for|from|in place of|' +
    'inside|instead of|into|near|of|on|outside|over|past|since|through|throughout|to|toward|under|until|up|upon|' +
    'without|with|within',
);
const AUXILIARIES = parseWeightedList(
  'do|may|might|shall|will|would|can|could|should|ought to|must|will have to|shall have to|could have to|' +
    'should have to|must have to|need to|try to',
);
const TERMINATORS = parseWeightedList('.*50|;|:|?|!|--');

const poolStream = createRandomStream('comment pool');
let drawsFromPoolStream = 0;

function pick({ words, cumulativeWeights }: WeightedList): string {
  const share = drawInteger(poolStream, drawsFromPoolStream++, 0, cumulativeWeights.at(-1)! - 1);
  return words[cumulativeWeights.findIndex((bound) => share < bound)]!;
}

const WORD_OF_LETTER: Readonly<Record<string, WeightedList>> = {
  N: NOUNS,
  J: ADJECTIVES,
  D: ADVERBS,
  V: VERBS,
  X: AUXILIARIES,
};

const makePhrase = (patterns: WeightedList): string =>
  pick(patterns).replace(/[NJDVX]/g, (letter) => pick(WORD_OF_LETTER[letter]!));

function makeSentence(): string {
  return pick(SENTENCES).replace(/ ?[NVPT]/g, (symbol) => {
    const space = symbol.startsWith(' ') ? ' ' : '';
    switch (symbol.at(-1)) {
      case 'N':
        return space + makePhrase(NOUN_PHRASES);
      case 'V':
        return space + makePhrase(VERB_PHRASES);
      case 'P':
        return `${space}${pick(PREPOSITIONS)} the ${makePhrase(NOUN_PHRASES)}`;
      default:
        return pick(TERMINATORS);
    }
  });
}

let pool: string | undefined;

function buildPool(): string {
  const sentences: string[] = [];
  drawsFromPoolStream = 0;
  for (let length = 0; length < POOL_LENGTH; ) {
    const sentence = makeSentence();
    sentences.push(sentence);
    length += sentence.length + 1;
  }
  return sentences.join(' ');
}

export interface CommentColumn {
  readonly positions: RandomStream;
  readonly lengths: RandomStream;
  readonly minimumLength: number;
  readonly maximumLength: number;
}

export function createCommentColumn(name: string, minimumLength: number, maximumLength: number): CommentColumn {
  return {
    positions: createRandomStream(`${name} position`),
    lengths: createRandomStream(`${name} length`),
    minimumLength,
    maximumLength,
  };
}

export function makeComment(column: CommentColumn, row: number): string {
  pool ??= buildPool();
  const start = drawInteger(column.positions, row, 0, pool.length - column.maximumLength);
  return pool.substring(start, start + drawInteger(column.lengths, row, column.minimumLength, column.maximumLength));
}
