/** Returns the CSV texts of a small trip archive, read without the product's own reader. */
import { buffer } from 'node:stream/consumers';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

export interface CsvText {
  readonly name: string;
  readonly text: string;
}

export async function csvsOf(archive: string): Promise<CsvText[]> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    );
  });
  const entries = await new Promise<Entry[]>((resolve, reject) => {
    const found: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      found.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(found));
    zip.on('error', reject);
    zip.readEntry();
  });
  const csvs: CsvText[] = [];
  for (const entry of entries.filter(({ fileName }) => !fileName.startsWith('__MACOSX/')))
    csvs.push({ name: entry.fileName, text: await textOf(zip, entry) });
  zip.close();
  return csvs;
}

function textOf(zip: ZipFile, entry: Entry): Promise<string> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) =>
      error ? reject(error) : resolve(buffer(stream).then((bytes) => bytes.toString('utf8'))),
    );
  });
}
