/** Implements `make pin-images`: writes the digests of base images and servers behind their tags. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../contracts/errors.ts';
import { digestOf, imagesIn, withDigests } from './image-digests.ts';

const PROJECT_DIR = path.join(import.meta.dirname, '..');
const PLACES = ['docker-compose*.yml', 'deploy/*Dockerfile', 'deploy/**/*.{yml,yaml}'];

const files = globSync(PLACES, { cwd: PROJECT_DIR }).map((name) => path.join(PROJECT_DIR, name));
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const images = [...new Set([...texts.values()].flatMap(imagesIn))].sort();

const digests = new Map<string, string>();
for (const image of images) {
  try {
    digests.set(image, await digestOf(image));
    process.stdout.write(`${image}@${digests.get(image)}\n`);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
    process.stderr.write(`error: ${image} keeps its tag alone: ${messageOf(error)}${cause}\n`);
  }
}
for (const [file, text] of texts) {
  const pinned = withDigests(text, digests);
  if (pinned !== text) writeFileSync(file, pinned);
}
if (digests.size === 0) process.stderr.write('No registry answered, so no file has changed.\n');
process.exitCode = digests.size === images.length ? 0 : 1;
