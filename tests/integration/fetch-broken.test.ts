/** Tests files that differ from the source's listing: they are rejected by name, quarantined, and never become data sets. */
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../contracts/activities/fetch.ts';
import { fetchLab, NAME, sha256 } from '../fixtures/fetch-lab.ts';
import { answers } from '../unit/sources/archive-server.ts';

const lab = fetchLab();
const { artifacts, get, listed, objects, publish } = lab;

describe('a broken file', () => {
  /** Returns the key of the quarantined copy after a fetch that must fail. */
  async function refusal(file: SourceFile): Promise<{ message: string; quarantine: string }> {
    const thrown: unknown = await get(file).then(
      () => new Error('was not refused'),
      (error: unknown) => error,
    );
    const error = thrown as { code: string; message: string; details: { quarantine: string } };
    expect(error.code).toBe('BAD_ARCHIVE');
    expect(await objects.head(error.details.quarantine)).toBeDefined();
    expect(await objects.head(`${error.details.quarantine}.reason.json`)).toBeDefined();
    return { message: error.message, quarantine: error.details.quarantine };
  }

  it('that is an HTML page goes to quarantine', async () => {
    await publish();
    const file = await listed();
    const page = '<!DOCTYPE html><title>Access denied</title>';
    lab.server.faults = [answers(page)];
    expect((await refusal(file)).message).toMatch(/JC-202401.*an HTML or XML page instead of a trip archive/);
  });

  it('shorter than the source’s listing says goes to quarantine', async () => {
    const content = await publish();
    const file = await listed();
    lab.server.faults = [answers(content.subarray(0, 1000))];
    expect((await refusal(file)).message).toMatch(/truncated: the source announced \d+ bytes, 1000 arrived/);
  });

  it('longer than the source’s listing says goes to quarantine', async () => {
    const content = await publish();
    const file = await listed();
    lab.server.faults = [answers(Buffer.concat([content, content]))];
    expect((await refusal(file)).message).toMatch(/longer than announced/);
  });

  it('damaged in transit is fetched once more, and rejected when it is still damaged', async () => {
    const content = await publish();
    const file = await listed();
    const etag = lab.server.etagOf(NAME);
    const damaged = Buffer.from(content);
    damaged[5000]! ^= 1;
    lab.server.faults = [answers(damaged, { etag })];
    expect((await get(file)).ref.sha256).toBe(sha256(content));

    await publish();
    const other = await listed();
    const otherEtag = lab.server.etagOf(NAME);
    lab.server.asked.length = 0;
    lab.server.faults = [answers(content, { etag: otherEtag }), answers(content, { etag: otherEtag })];
    expect((await refusal({ ...other, bytes: content.length })).message).toMatch(
      /damaged: the source's ETag is MD5/,
    );
    expect(lab.server.gets(NAME)).toHaveLength(2);
  });

  it('with another MD5 than the publisher’s list gives for its size is rejected', async () => {
    const content = await publish();
    lab.server.files.set(
      'official-md5-size.txt',
      Buffer.from(`${'0'.repeat(32)} ${content.length} ${NAME}\n`),
    );
    expect((await refusal(await listed())).message).toMatch(/damaged: the source's list of MD5s/);
  });

  it('is accepted when the list gives another size, because it was republished', async () => {
    await publish();
    lab.server.files.set('official-md5-size.txt', Buffer.from(`${'0'.repeat(32)} 12 ${NAME}\n`));
    const { ref } = await get(await listed());
    expect((await artifacts.manifestOf(ref.uri)).facts['publishedList']).toBe('republished');
  });
});
