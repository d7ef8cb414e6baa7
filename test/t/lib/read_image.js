// Reads images of timelines and prints the JSON text of their documents, as doc/format.md tells it and from
// nothing else: what is not on that page is not known here.  Arguments: a file with one image in hexadecimal
// form per line.  Prints a line for each, and at the end which ways to store something it has met.
'use strict';

class Damaged extends Error {}

function demand(condition, what) {
  if (!condition) throw new Damaged(what);
}

const met = new Set();
const meet = (what) => met.add(what);

const divideUp = (a, b) => Math.floor((a + b - 1) / b);
const compareKeys = (a, b) => a.length - b.length || Buffer.compare(a, b);

// Bytes that are read from offsets, or one after the other. A DataView throws where they end.
class Bytes {
  constructor(buffer) {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    this.size = buffer.length;
    this.at = 0;
  }

  u8(at) { return this.view.getUint8(at); }
  u16(at) { return this.view.getUint16(at, true); }
  u32(at) { return this.view.getUint32(at, true); }
  u64(at) { return this.view.getBigUint64(at, true); }
  f32(at) { return this.view.getFloat32(at, true); }
  f64(at) { return this.view.getFloat64(at, true); }

  span(from, size) {
    demand(from >= 0 && size >= 0 && from + size <= this.size, 'a part outside of its section');
    return new Bytes(this.buffer.subarray(from, from + size));
  }

  take(size) {
    const span = this.span(this.at, size);
    this.at += size;
    return span;
  }

  takeU8() { return this.take(1).u8(0); }
  takeU16() { return this.take(2).u16(0); }
  takeU32() { return this.take(4).u32(0); }

  takeVarint() {
    let value = 0n;
    for (let i = 0n; i < 10n; i++) {
      const byte = this.takeU8();
      value |= BigInt(byte & 0x7f) << (7n * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Damaged('a varint of more than 10 bytes');
  }

  takeZigzag() {
    const z = this.takeVarint();
    return z % 2n === 0n ? z / 2n : -(z + 1n) / 2n;
  }

  bit(i) { return (this.u8(i >> 3) >> (i & 7)) & 1; }

  // An unsigned number of so many bits, from a bit on.
  bits(from, width) {
    let value = 0n;
    for (let i = 0; i < width; i++) value |= BigInt(this.bit(from + i)) << BigInt(i);
    return value;
  }

  word(at, width) {
    let value = 0n;
    for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.u8(at + i));
    return value;
  }

  text() { return this.buffer.toString('utf8'); }
}

// Doubles and floats by their bits.
const scratch = new DataView(new ArrayBuffer(8));

function doubleOf(bits) {
  scratch.setBigUint64(0, BigInt.asUintN(64, bits));
  return scratch.getFloat64(0);
}

function floatOf(bits) {
  scratch.setUint32(0, Number(bits));
  return scratch.getFloat32(0);
}

function bitsOf(number, width) {
  if (width === 8) {
    scratch.setFloat64(0, number);
    return scratch.getBigUint64(0);
  }
  scratch.setFloat32(0, number);
  return BigInt(scratch.getUint32(0));
}

const number = (value) => {
  demand(Number.isFinite(value), 'a number that is not finite');
  return String(value);
};

// The canonical text of the shortest decimal of a double.
function canonical(value) {
  const [, sign, whole, , fraction = '', exponent = '0'] = /^(-?)(\d+)(\.(\d+))?(?:e([+-]\d+))?$/.exec(number(value));
  const digits = (whole + fraction).replace(/^0+(?=.)/, '');
  const scale = Math.max(0, fraction.length - Number(exponent)); // digits behind the point
  if (scale === 0) {
    const [, start, zeros] = /^(\d*?)(0*)$/.exec(digits + '0'.repeat(Number(exponent) - fraction.length));
    if (start === '') return '0';
    return sign + start + (zeros.length > 32 ? `e${zeros.length}` : zeros);
  }
  if (scale - digits.length > 32) return `${sign}${digits}e-${scale}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

// The image

const HEADER = 48, SECTION_ENTRY = 16, FEATURE_ENTRY = 136, INDEX_ENTRY = 24;
const EVENT_TYPES = 1, FEATURE_ENTRIES = 3, FEATURE_TEXT = 4, EVENT_INDEX = 5, METADATA = 7, ATTRIBUTES = 8;
const EVENT_BLOCKS = 9, EVENT_LEAVES = 11, FEATURE_DATA = 13, DIRECTORY = 14, SUMMARY = 15;

function openImage(buffer) {
  const bytes = new Bytes(buffer);
  demand(bytes.u8(0) === 0x41 && bytes.u8(1) === 0x54, 'no image');
  demand(bytes.u8(2) === 1 && bytes.u8(3) === 0, 'a later version');
  demand(bytes.u32(4) === bytes.size && bytes.size % 8 === 0, 'another size');
  const image = {
    duration: bytes.f64(8), sampleRate: bytes.u32(16), present: bytes.u32(20), startTime: bytes.f64(40),
    items: [bytes.u32(24), bytes.u32(28)], features: bytes.u32(32), sections: {},
  };
  const count = bytes.u32(36);
  let end = HEADER + SECTION_ENTRY * count, before = 0;
  demand(count <= 32 && (image.present & ~15) === 0 && (image.present & 8 || bytes.u64(40) === 0n), 'a header');
  for (let i = 0; i < count; i++) {
    const entry = bytes.span(HEADER + SECTION_ENTRY * i, SECTION_ENTRY);
    const kind = entry.u32(0) & 0x7fffffff, ignorable = entry.u32(0) > 0x7fffffff;
    const offset = entry.u32(4), size = entry.u32(8);
    demand(kind > before && offset >= end && offset % 8 === 0 && size > 0 && entry.u32(12) === 0, 'a section table');
    demand(kind <= SUMMARY || ignorable, 'a later kind of section');
    image.sections[kind] = bytes.span(offset, size);
    before = kind;
    end = offset + size;
  }
  return image;
}

const section = (image, kind) => image.sections[kind] ?? new Bytes(Buffer.alloc(0));

// Events and markers

function readDictionary(bytes) {
  if (bytes.size === 0) return { types: [], shared: [] };
  const types = bytes.u32(0), shared = bytes.u32(4);
  const names = bytes.span(8 + 8 * (types + shared), bytes.size - 8 - 8 * (types + shared));
  const entries = [];
  let start = 0;
  for (let i = 0; i < types + shared; i++) {
    const end = bytes.u32(8 + 8 * i);
    entries.push({ name: names.span(start, end - start).buffer, number: bytes.u32(12 + 8 * i) });
    start = end;
  }
  demand(shared <= 32, 'many shared members');
  return { types: entries.slice(0, types), shared: entries.slice(types) };
}

// The levels of a time index, the lowest first: how many entries each has.
function indexLevels(items) {
  const levels = items === 0 ? [] : [divideUp(items, 128)];
  while (levels.length > 0 && (levels.length < 2 || levels.at(-1) > 64)) levels.push(divideUp(levels.at(-1), 64));
  return levels;
}

// All entries of a time index, by level.
function readIndex(image, track) {
  const levels = indexLevels(image.items[track]);
  const upper = section(image, EVENT_INDEX + track), leaves = section(image, EVENT_LEAVES + track);
  const read = (bytes) => ({ first: bytes.f64(0), end: bytes.f64(8), types: bytes.u32(16), block: bytes.u32(20) });
  let at = levels.slice(1).reduce((sum, n) => sum + n, 0) * INDEX_ENTRY;
  demand(leaves.size === (levels[0] ?? 0) * INDEX_ENTRY && upper.size === at, 'a time index');
  return levels.map((n, level) => {
    if (level > 0) at -= n * INDEX_ENTRY;
    const from = level === 0 ? leaves : upper.span(at, n * INDEX_ENTRY);
    return Array.from({ length: n }, (_, i) => read(from.span(i * INDEX_ENTRY, INDEX_ENTRY)));
  });
}

function readColumn(bytes, items, masks) {
  const id = bytes.takeU8(), codec = bytes.takeU8(), mask = bytes.takeU8(), width = bytes.takeU8();
  demand(codec <= 5 && mask <= masks.length && width <= 64, 'a column');
  meet(`column codec ${codec}`);
  if (mask > 0) meet('mask');
  const exponent = codec === 1 || codec === 2 ? bytes.takeU8() : 0;
  const base = bytes.takeZigzag(), stride = bytes.takeVarint(), slope = bytes.takeZigzag();
  const texts = [];
  if (codec === 5) {
    const ends = [0];
    for (let n = bytes.takeU8(); n > 0; n--) ends.push(bytes.takeU16());
    for (let i = 1; i < ends.length; i++) texts.push(bytes.take(ends[i] - ends[i - 1]).text());
  }
  const of = [];
  for (let i = 0; i < items; i++) if (mask === 0 || masks[mask - 1].bit(i)) of.push(i);
  const bits = bytes.take(divideUp(of.length * width, 8));
  const values = new Map();
  of.forEach((item, i) => {
    const line = (BigInt(i) * slope) >> 8n; // rounds down
    values.set(item, BigInt.asIntN(64, base + stride * (bits.bits(i * width, width) + line)));
  });
  return { id, codec, exponent, texts, values };
}

function doubleOfColumn(column, integer, sampleRate) {
  demand([1, 3, 4].includes(column.codec), 'a column of numbers');
  if (column.codec === 1) return Number(integer) / Number(`1e${column.exponent}`);
  if (column.codec === 3) return Number(integer) / sampleRate;
  return doubleOf(integer >= 0n ? integer : 2n ** 63n - integer);
}

function jsonOfColumn(column, integer, sampleRate) {
  if (column.codec === 5) {
    demand(integer >= 0n && integer < column.texts.length, 'the number of a text');
    return column.texts[Number(integer)];
  }
  if (column.codec > 2) return canonical(doubleOfColumn(column, integer, sampleRate));
  demand(column.codec > 0, 'a shared member of integers');
  const digits = String(integer < 0n ? -integer : integer).padStart(column.exponent + 1, '0');
  const point = digits.length - column.exponent;
  let fraction = digits.slice(point);
  if (column.codec === 1) fraction = fraction.replace(/0+$/, '');
  return `${integer < 0n ? '-' : ''}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}

// The members of a canonical object, each as [key as it stands, whole member].
function membersOf(text) {
  const members = [];
  let depth = 0, quoted = false, start = 1, colon = -1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ':' && depth === 1 && colon < 0) colon = i;
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
    if (!quoted && ((c === ',' && depth === 1) || depth === 0) && colon > 0) {
      members.push([Buffer.from(text.slice(start + 1, colon - 1)), text.slice(start, i)]);
      start = i + 1;
      colon = -1;
    }
  }
  return members;
}

// An object put together from its text and its shared members.
function assemble(text, shared) {
  if (shared.length === 0) return text;
  const rest = text === '' ? [] : membersOf(text), whole = [];
  for (const { name, json } of shared) {
    while (rest.length > 0 && compareKeys(rest[0][0], name) < 0) whole.push(rest.shift()[1]);
    whole.push(`"${name.toString('utf8')}":${json}`);
  }
  return `{${[...whole, ...rest.map((member) => member[1])].join(',')}}`;
}

function readBlock(bytes, items, dictionary, sampleRate) {
  demand(bytes.takeU32() === bytes.size && bytes.takeU8() === items, 'a block');
  const numMasks = bytes.takeU8(), numColumns = bytes.takeU8();
  demand(bytes.takeU8() === 0, 'a later layout of blocks');
  const masks = Array.from({ length: numMasks }, () => bytes.take(16));
  const columns = Array.from({ length: numColumns }, () => readColumn(bytes, items, masks));
  if (columns.some((column, i) => i > 0 && column.id === columns[i - 1].id)) meet('two columns of one id');
  const texts = [4, 5].map((id) => {
    const found = new Map();
    let start = 0;
    for (const [item, end] of columns.find((column) => column.id === id)?.values ?? []) {
      found.set(item, bytes.take(Number(end) - start).text());
      start = Number(end);
    }
    return found;
  });
  const double = (id, item) => {
    const column = columns.find((one) => one.id === id && one.values.has(item));
    return column && doubleOfColumn(column, column.values.get(item), sampleRate);
  };
  return Array.from({ length: items }, (_, item) => {
    const type = Number(columns.find((column) => column.id === 3).values.get(item));
    const shared = [[], [], []];
    for (const column of columns) {
      if (column.id < 8 || !column.values.has(item)) continue;
      const { name, number: place } = dictionary.shared[column.id - 8];
      meet(`place ${place}`);
      shared[place].push({ name, json: jsonOfColumn(column, column.values.get(item), sampleRate) });
    }
    demand(type >= 0 && type < dictionary.types.length, 'a type');
    return {
      timestamp: double(0, item), duration: double(1, item), confidence: double(2, item), type,
      payload: shared[2][0]?.json ?? assemble(texts[0].get(item) ?? '', shared[1]),
      attributes: assemble(texts[1].get(item) ?? '', shared[0]),
    };
  });
}

const endOf = (item) => (item.duration > 0 ? item.timestamp + item.duration : item.timestamp);

// What an entry of the time index must say of the items or entries below it.
function checkEntry(entry, below, block) {
  demand(entry.first === below[0].first && entry.end === Math.max(...below.map((one) => one.end)) &&
    entry.types === below.reduce((mask, one) => (mask | one.types) >>> 0, 0) && entry.block === block, 'an index entry');
}

function readTrack(image, track) {
  const dictionary = readDictionary(section(image, EVENT_TYPES + track));
  const index = readIndex(image, track), blocks = section(image, EVENT_BLOCKS + track);
  const items = [], count = dictionary.types.map(() => 0);
  (index[0] ?? []).forEach((leaf, b) => {
    const end = index[0][b + 1]?.block ?? blocks.size;
    const inBlock = Math.min(128, image.items[track] - 128 * b);
    const read = readBlock(blocks.span(leaf.block, end - leaf.block), inBlock, dictionary, image.sampleRate);
    checkEntry(leaf, read.map((item) => ({ first: item.timestamp, end: endOf(item), types: 1 << item.type % 32 })), leaf.block);
    items.push(...read);
  });
  index.slice(1).forEach((entries, level) => entries.forEach((entry, i) => {
    checkEntry(entry, index[level].slice(64 * i, 64 * (i + 1)), 0);
  }));
  for (const item of items) count[item.type]++;
  demand(count.every((n, i) => n === dictionary.types[i].number), 'numbers of items of a type');
  return items.map((item) => object([
    ['timestamp', number(item.timestamp)], ['type', JSON.stringify(dictionary.types[item.type].name.toString('utf8'))],
    ['duration', item.duration === undefined ? '' : number(item.duration)],
    ['confidence', item.confidence === undefined ? '' : number(item.confidence)],
    [track === 0 ? 'data' : 'value', item.payload],
  ], item.attributes));
}

// Features

const ENCODINGS = [, 'f32', 'f64', 'u8', 'i8', 'u16', 'i16'];
const WIDTHS = [, 4, 8, 1, 1, 2, 2];
const LIMITS = [, , , [0, 255], [-128, 127], [0, 65535], [-32768, 32767]];
const MISSING_NUMBER = 'number', MISSING_FRAME = 'frame';

// n packed numbers; the function returned gives one.
function unpacker(bytes, width) {
  return (i) => {
    let value = 0n;
    for (let j = 0; j < width; j++) {
      const bit = Math.floor(i / 8) * width + j;
      value |= ((bytes.u64(64 * Math.floor(bit / 64) + 8 * (i % 8)) >> BigInt(bit % 64)) & 1n) << BigInt(j);
    }
    return value;
  };
}

const packedSize = (n, width) => 64 * divideUp(divideUp(n, 8) * width, 64);

function wordOfKey(kind, bits, key) {
  const sign = 1n << BigInt(bits - 1), all = (1n << BigInt(bits)) - 1n;
  if (kind === 1) return key ^ sign;
  if (kind === 2) return (key & sign) !== 0n ? key ^ sign : key ^ all;
  if (kind === 3) return (key >> 1n) | ((key & 1n) * sign);
  return key;
}

// A piece of n numbers, which are words, or MISSING_...
function readPiece(bytes, n, encoding) {
  const width = WIDTHS[encoding], bits = 8 * width, isFloat = encoding <= 2;
  const codec = bytes.takeU8(), flags = bytes.takeU8(), packedBits = bytes.takeU8(), parameter = bytes.takeU8();
  const count = bytes.takeU16();
  demand(codec <= 5 && flags <= 3 && packedBits <= 64 && count <= n, 'a piece');
  meet(`piece codec ${codec}`);
  if (codec === 3 || codec === 4) meet(`keys ${parameter & 3}`);
  if (count > 0) meet('exceptions');
  const bitmaps = [1, 2].map((flag) => (flags & flag ? bytes.take(divideUp(n, 8)) : null));
  bitmaps.forEach((bitmap, i) => bitmap && meet(`bitmap ${i}`));
  const base = codec === 5 ? BigInt.asIntN(64, bytes.take(8).u64(0)) : [1, 3, 4].includes(codec) ? bytes.take(width).word(0, width) : 0n;
  const second = codec === 4 ? bytes.take(width).word(0, width) : 0n;
  const raw = codec === 0 ? bytes.take(n * width) : null;
  const packed = unpacker(bytes.take(packedSize(n, packedBits)), packedBits);
  const positions = bytes.take(2 * count), others = bytes.take(width * count), exceptions = new Map();
  for (let i = 0; i < count; i++) exceptions.set(positions.u16(2 * i), others.word(width * i, width));
  demand(bytes.at === bytes.size, 'a piece of another size');
  demand(codec >= 3 || (packedBits === 0 && count === 0), 'a piece with nothing packed');

  const kind = parameter & 3, shift = BigInt(parameter >> 2), words = [];
  let key = base;
  for (let i = 0; i < n; i++) {
    const other = exceptions.get(i);
    if (codec === 0) words.push(raw.word(width * i, width));
    else if (codec === 1) words.push(base);
    else if (codec === 2) words.push(parameter === 1 ? MISSING_FRAME : MISSING_NUMBER);
    else if (codec === 3) words.push(wordOfKey(kind, bits, BigInt.asUintN(bits, other ?? base + (packed(i) << shift))));
    else if (codec === 4) {
      if (i > 0) key += other ?? second + (packed(i) << shift);
      key = BigInt.asUintN(bits, key);
      words.push(wordOfKey(kind, bits, key));
    } else {
      demand(isFloat && (parameter <= 18 || parameter >= 32), 'a scaled piece');
      const whole = Number(BigInt.asIntN(64, base + packed(i)));
      words.push(other ?? bitsOf(whole / (parameter < 32 ? Number(`1e${parameter}`) : 2 ** (parameter - 32)), width));
    }
    if (bitmaps[0]?.bit(i)) words[i] = MISSING_NUMBER;
    if (bitmaps[1]?.bit(i)) words[i] = MISSING_FRAME;
  }
  return words;
}

// The piece of a wide feature: n frames of dims words each, or MISSING_FRAME.
function readWide(bytes, n, dims, encoding) {
  const first = bytes.takeU8(), form = first & 15, width = WIDTHS[encoding];
  demand(form <= 2 && first < 0x40, 'a later form of a wide piece');
  meet(`wide form ${form}`);
  for (const flag of [0x10, 0x20]) if (first & flag) meet(`wide bitmap ${flag}`);
  if (form === 2) return new Array(n).fill(MISSING_FRAME);
  const frames = first & 0x10 ? bytes.take(divideUp(n, 8)) : null;
  const isMissing = (i) => frames !== null && frames.bit(i) === 1;
  let there = 0;
  for (let i = 0; i < n; i++) there += !isMissing(i);
  const k = there * dims, words = [];
  const bitmap = first & 0x20 ? bytes.take(divideUp(k, 8)) : null;
  if (form === 0) {
    const plain = bytes.take(k * width);
    for (let i = 0; i < k; i++) words.push(bitmap?.bit(i) ? MISSING_NUMBER : plain.word(width * i, width));
  } else {
    const sizes = Array.from({ length: divideUp(k, 512) }, () => bytes.takeU16());
    sizes.forEach((size, i) => words.push(...readPiece(bytes.take(size), Math.min(512, k - 512 * i), encoding)));
  }
  demand(bytes.at === bytes.size, 'a wide piece of another size');
  let at = 0;
  return Array.from({ length: n }, (_, i) => (isMissing(i) ? MISSING_FRAME : words.slice(at, (at += dims))));
}

// The frames of a feature, each an array of words or MISSING_FRAME.
function readFrames(image, feature) {
  const { entry, frames, dims, encoding, base64 } = feature;
  const data = section(image, FEATURE_DATA), directory = section(image, DIRECTORY);
  const blockFrames = dims <= 32 ? 512 : Math.max(1, Math.floor(1024 / dims));
  const result = [];
  let size = 0;
  const piece = (i) => {
    const start = i === 0 ? 0 : directory.u32(4 * (i - 1)), end = directory.u32(4 * i);
    demand(end > start, 'an empty piece');
    size += end - start;
    return data.span(start, end - start);
  };
  demand(entry.u8(41) === (dims <= 32 ? 1 : 2), 'a later layout of numbers');
  for (let b = 0; b * blockFrames < frames; b++) {
    const n = Math.min(blockFrames, frames - b * blockFrames);
    const first = entry.u32(112) + b * entry.u32(116) + entry.u32(120);
    if (dims > 32) {
      result.push(...readWide(piece(first), n, dims, encoding));
      continue;
    }
    const series = Array.from({ length: dims }, (_, d) => readPiece(piece(first + d), n, encoding));
    for (let i = 0; i < n; i++) {
      const frame = series.map((words) => words[i]);
      result.push(!base64 && frame[0] === MISSING_FRAME ? MISSING_FRAME : frame);
    }
  }
  demand(size === entry.u32(44), 'the size of the pieces');
  return result;
}

const FRAME_WORDS = [, 0x7fc00001n, 0x7ff8000000000001n];
const NUMBER_WORDS = [, 0x7fc00000n, 0x7ff8000000000000n];

// The number of a word, or null.
function numberOf(feature, word) {
  const { encoding, range } = feature;
  if (word === MISSING_NUMBER || word === MISSING_FRAME) return null;
  if (encoding <= 2) {
    const float = encoding === 1 ? floatOf(word) : doubleOf(word);
    return Number.isNaN(float) ? null : float;
  }
  const width = 8 * WIDTHS[encoding], [lowest, highest] = LIMITS[encoding];
  const code = Number(lowest < 0 ? BigInt.asIntN(width, word) : word);
  return range === null ? code : range[0] + ((code - lowest) * (range[1] - range[0])) / (highest - lowest);
}

function base64Of(feature, frames) {
  const width = WIDTHS[feature.encoding], bytes = Buffer.alloc(frames.length * feature.dims * width);
  frames.flatMap((frame) => (frame === MISSING_FRAME ? new Array(feature.dims).fill(frame) : frame)).forEach((word, i) => {
    let rest = word === MISSING_NUMBER ? NUMBER_WORDS[feature.encoding] : word === MISSING_FRAME ? FRAME_WORDS[feature.encoding] : word;
    for (let j = 0; j < width; j++, rest >>= 8n) bytes[i * width + j] = Number(rest & 0xffn);
  });
  return JSON.stringify(bytes.toString('base64'));
}

// The times of a feature that has no clock, or '' .
function readTimes(image, feature) {
  const i = feature.entry.u32(132) - 1;
  demand((feature.flags & 0x400) !== 0 === i >= 0 && (i >= 0) === (feature.entry.f64(48) === 0), 'a clock or times');
  if (i < 0) return '';
  demand(i >= image.features, 'times behind the features');
  const entry = section(image, FEATURE_ENTRIES).span(FEATURE_ENTRY * i, FEATURE_ENTRY);
  demand(entry.u32(32) === feature.frames && entry.u32(36) === 1 && entry.u8(40) === 2 && entry.u16(42) === 0 &&
    entry.f64(48) === 0 && entry.u32(132) === 0, 'an entry of times');
  meet('times');
  const times = { entry, frames: feature.frames, dims: 1, encoding: 2, base64: false, range: null };
  const numbers = readFrames(image, times).map(([word]) => numberOf(times, word));
  demand(numbers.every((time, k) => k === 0 || time >= numbers[k - 1]), 'times that fall');
  return `[${numbers.map(number).join(',')}]`;
}

function readFeature(image, i) {
  const entry = section(image, FEATURE_ENTRIES).span(FEATURE_ENTRY * i, FEATURE_ENTRY);
  const text = (at) => section(image, FEATURE_TEXT).span(entry.u32(at), entry.u32(at + 4)).text();
  const flags = entry.u16(42), has = (flag, json) => (flags & flag ? json : '');
  const feature = {
    entry, flags, frames: entry.u32(32), dims: entry.u32(36), encoding: entry.u8(40),
    base64: (flags & 0x20) !== 0, range: flags & 0x40 ? [entry.f64(64), entry.f64(72)] : null,
  };
  demand(feature.encoding >= 1 && feature.encoding <= 6 && flags <= 0x7ff, 'a feature entry');
  const frames = readFrames(image, feature);
  const numbers = frames.map((frame) => (frame === MISSING_FRAME ? null : frame.map((word) => numberOf(feature, word))));
  const present = numbers.flat().filter((one) => one !== null);
  const json = (one) => (one === null ? 'null' : number(one));
  const values = numbers.map((frame) => (frame === null ? 'null' : flags & 0x08 ? `[${frame.map(json).join(',')}]` : frame.map(json).join(',')));

  demand(entry.u32(128) === feature.frames * feature.dims - present.length, 'the number of missing numbers');
  if (present.length > 0) {
    demand(entry.f64(88) === present.reduce((a, b) => Math.min(a, b)) && entry.f64(96) === present.reduce((a, b) => Math.max(a, b)), 'minimum and maximum');
  }
  return [text(0), object([
    [flags & 0x01 ? 'hop' : 'frameRate', flags & 0x400 ? '' : number(entry.f64(48))],
    ['startTime', has(0x02, number(entry.f64(56)))],
    ['dims', has(0x04, String(feature.dims))],
    ['unit', has(0x80, JSON.stringify(text(8)))],
    ['kind', has(0x100, JSON.stringify(text(16)))],
    ['encoding', has(0x10, `"${ENCODINGS[feature.encoding]}"`)],
    ['range', has(0x40, `[${number(entry.f64(64))},${number(entry.f64(72))}]`)],
    ['maxError', has(0x200, number(entry.f64(80)))],
    ['times', readTimes(image, feature)],
    feature.base64 ? ['base64', base64Of(feature, frames)] : ['values', `[${values.join(',')}]`],
  ], text(24))];
}

// The document

// Members that are known, of which those without text are absent, and the object of all others.
function object(members, attributes) {
  const known = members.filter(([, json]) => json !== '').map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  const others = attributes === '' ? [] : [attributes.slice(1, -1)];
  return `{${[...known, ...others].join(',')}}`;
}

function documentOf(buffer) {
  const image = openImage(buffer);
  const track = (i) => (image.present & (1 << i) ? `[${readTrack(image, i).join(',')}]` : '');
  const features = () => object(Array.from({ length: image.features }, (_, i) => readFeature(image, i)), '');
  demand(section(image, FEATURE_ENTRIES).size >= image.features * FEATURE_ENTRY, 'the number of features');
  return object([
    ['duration', number(image.duration)], ['sampleRate', String(image.sampleRate)],
    ['startTime', image.present & 8 ? number(image.startTime) : ''],
    ['events', track(0)], ['markers', track(1)], ['features', image.present & 4 ? features() : ''],
    ['metadata', section(image, METADATA).text()],
  ], section(image, ATTRIBUTES).text());
}

for (const line of require('fs').readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  try {
    console.log(documentOf(Buffer.from(line, 'hex')));
  } catch (error) {
    if (!(error instanceof Damaged || error instanceof RangeError)) throw error;
    console.log(`refused: ${error.message}`);
  }
}
console.log([...met].join(','));
