import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { indexedPng } from '../../pictures/indexed-png.ts';

/** Reads the chunks of a PNG by type. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return chunks;
}

/** Decodes the colours of a PNG without filters. */
function coloursOf(png: Buffer, width: number): string[] {
  const chunks = chunksOf(png);
  const palette = chunks.get('PLTE')!;
  return [...inflateSync(chunks.get('IDAT')!)]
    .filter((_, i) => i % (width + 1) !== 0)
    .map((index) => palette.toString('hex', index * 3, index * 3 + 3));
}

it('keeps every colour of a picture with few of them', () => {
  const pixels = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 0, 0],
  ].flatMap((rgb) => [...rgb, 255]);
  expect(coloursOf(indexedPng(Uint8Array.from(pixels), 2, 2), 2)).toEqual([
    'ff0000',
    '00ff00',
    '0000ff',
    'ff0000',
  ]);
});

it('reduces more colours to 256 that are close to them', () => {
  const side = 64;
  const pixels = Array.from({ length: side * side }, (_, i) => [
    (i % side) * 4,
    Math.floor(i / side) * 4,
    0,
    255,
  ]);
  const colours = coloursOf(indexedPng(Uint8Array.from(pixels.flat()), side, side), side);
  expect(new Set(colours).size).toBeLessThanOrEqual(256);
  const errors = colours.map((colour, i) => Math.abs(parseInt(colour.slice(0, 2), 16) - pixels[i]![0]!));
  expect(Math.max(...errors)).toBeLessThanOrEqual(32);
});
