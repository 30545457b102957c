/** Encodes pixels as a PNG with a palette of 256 colours, which is smaller than a browser's screenshot. */
import { crc32, deflateSync } from 'node:zlib';

const MOST_COLOURS = 256;

/** @param rgba four bytes per pixel, row by row; transparency is ignored. */
export function indexedPng(rgba: Uint8Array, width: number, height: number): Buffer {
  const palette = paletteOf(rgba);
  const nearest = new Map<number, number>();
  // Each row begins with its filter: none, the best for a palette.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt(rgba, (y * width + x) * 4);
      let index = nearest.get(colour);
      if (index === undefined) nearest.set(colour, (index = nearestTo(colour, palette)));
      rows[y * (width + 1) + 1 + x] = index;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits per pixel, colour type 3: palette.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(rgba: Uint8Array, offset: number): number {
  return (rgba[offset]! << 16) | (rgba[offset + 1]! << 8) | rgba[offset + 2]!;
}

function channelsOf(colour: number): [red: number, green: number, blue: number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

interface Box {
  readonly colours: readonly (readonly [colour: number, count: number])[];
  readonly pixels: number;
}

/** Chooses the palette by median cut: it halves the box with the most pixels at its widest channel, and takes its commonest colour. */
function paletteOf(rgba: Uint8Array): number[] {
  const counts = new Map<number, number>();
  for (let offset = 0; offset < rgba.length; offset += 4) {
    const colour = colourAt(rgba, offset);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  let boxes = [boxOf([...counts])];
  while (boxes.length < MOST_COLOURS) {
    const [widest] = boxes
      .filter(({ colours }) => colours.length > 1)
      // A flat ground has most of the pixels; its weight is damped, so that rare colours of charts stay.
      .sort((a, b) => Math.sqrt(b.pixels) * b.colours.length - Math.sqrt(a.pixels) * a.colours.length);
    if (!widest) break;
    boxes = [...boxes.filter((box) => box !== widest), ...halvesOf(widest)];
  }
  return boxes.map(({ colours }) => colours.reduce((a, b) => (b[1] > a[1] ? b : a))[0]);
}

function boxOf(colours: Box['colours']): Box {
  return { colours, pixels: colours.reduce((sum, [, count]) => sum + count, 0) };
}

function halvesOf({ colours }: Box): Box[] {
  const spreads = [0, 1, 2].map((channel) => {
    const values = colours.map(([colour]) => channelsOf(colour)[channel]!);
    return values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 255);
  });
  const channel = spreads.indexOf(Math.max(...spreads));
  const sorted = [...colours].sort(([a], [b]) => channelsOf(a)[channel]! - channelsOf(b)[channel]!);
  const middle = Math.ceil(sorted.length / 2);
  return [boxOf(sorted.slice(0, middle)), boxOf(sorted.slice(middle))];
}

function nearestTo(colour: number, palette: readonly number[]): number {
  const [red, green, blue] = channelsOf(colour);
  let [best, least] = [0, Infinity];
  palette.forEach((each, index) => {
    const [r, g, b] = channelsOf(each);
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
