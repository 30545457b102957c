/**
 * Encodes the WebAssembly instructions that the kernels need. Numbers are from the core specification, 2.0, chapter 5 (binary format);
 * names are from its text format.
 */

/** Represents a sequence of encoded instructions. */
export type Code = readonly number[];

type ValueType = 'i32' | 'f32' | 'v128';
const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

export interface WasmFunction {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Locals beyond the parameters. Their indices follow those of the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const float = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => [...unsigned(value.length), ...new TextEncoder().encode(value)];
/** Encodes a vector instruction: its prefix, its number, then the alignment as a power of two and the offset in bytes. */
const simd = (number: number, ...rest: number[]): Code => [0xfd, ...unsigned(number), ...rest];
const at = (alignment: number, offset: number): number[] => [alignment, ...unsigned(offset)];

/** Instructions without immediate operands are constants; the others are functions. */
export const wasm = {
  localGet: (index: number): Code => [0x20, ...unsigned(index)],
  localSet: (index: number): Code => [0x21, ...unsigned(index)],
  localTee: (index: number): Code => [0x22, ...unsigned(index)],
  call: (index: number): Code => [0x10, ...unsigned(index)],
  i32Const: (value: number): Code => [0x41, ...signed(value)],
  f32Const: (value: number): Code => [0x43, ...float(value)],
  i32Add: [0x6a],
  i32Shl: [0x74],
  i32GeU: [0x4f],
  i32LtU: [0x49],
  i32Eqz: [0x45],
  f32Le: [0x5f],
  i32Load: (offset = 0): Code => [0x28, ...at(2, offset)],
  f32Load: (offset = 0): Code => [0x2a, ...at(2, offset)],
  i32Store: (offset = 0): Code => [0x36, ...at(2, offset)],
  f32Store: (offset = 0): Code => [0x38, ...at(2, offset)],
  v128Load: (offset = 0): Code => simd(0x00, ...at(4, offset)),
  v128Load32Splat: (offset = 0): Code => simd(0x09, ...at(2, offset)),
  v128Store: (offset = 0): Code => simd(0x0b, ...at(4, offset)),
  f32x4Add: simd(0xe4),
  f32x4Mul: simd(0xe6),
  /** Encodes `block … loop … end end`: `again` (label 0) repeats the loop, and `leave` (label 1) exits it. */
  loop: (...body: readonly Code[]): Code => [0x02, 0x40, 0x03, 0x40, ...body.flat(), 0x0b, 0x0b],
  again: [0x0c, 0x00],
  leaveIf: [0x0d, 0x01],
} as const satisfies Record<string, Code | ((...args: never[]) => Code)>;

/** Encodes runs of locals of one type, as the format requires. */
function localRuns(locals: readonly ValueType[]): Code[] {
  const runs: [count: number, type: ValueType][] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.[1] === type) last[0] += 1;
    else runs.push([1, type]);
  }
  return runs.map(([count, type]) => [...unsigned(count), TYPE_CODE[type]]);
}

/**
 * Returns a module with these functions and one memory, all exported by name (the memory as `memory`). A function calls another by
 * its index in the list.
 * @param pages size of the memory in pages of 64 KiB.
 */
export function assembleModule(functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> {
  const types = (list: readonly ValueType[]) => vector(list.map((type) => [TYPE_CODE[type]]));
  const section = (id: number, content: number[]) => [id, ...unsigned(content.length), ...content];
  const code = functions.map(({ locals, body }) => {
    const content = [...vector(localRuns(locals)), ...body, 0x0b];
    return [...unsigned(content.length), ...content];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // '\0asm', version 1
    ...section(
      1,
      vector(functions.map(({ params, results }) => [0x60, ...types(params), ...types(results)])),
    ),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(5, vector([[0x00, ...unsigned(pages)]])),
    ...section(
      7,
      vector([
        [...text('memory'), 0x02, 0x00],
        ...functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]),
      ]),
    ),
    ...section(10, vector(code)),
  ]);
}
