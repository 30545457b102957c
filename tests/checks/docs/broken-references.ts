/** Checks that every reference of the documentation exists: relative links, their anchors, and paths in the tree. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../../../settings.ts';

/** Holds the files of the project folder that pages name without a path; other bare names belong to a folder in the sentence. */
const PAGE_OF_ROOT = /^[A-Z]+\.md$/;
/** Matches a path, with braces for alternatives, `*` for any name and `<name>` for a placeholder. */
const PATH = /^\.?[\w@-][\w.@{},*<>/-]*$/;
/** Holds the folders that a checkout does not contain. */
const MADE_LATER = ['.stack', 'node_modules', 'console/web/dist'];

const PAGES = ['*.md', 'docs/**/*.md', 'deploy/**/*.md'];

/** Returns one line per broken reference. */
export function brokenReferences(root = PROJECT_DIR): string[] {
  return globSync(PAGES, { cwd: root }).flatMap((page) =>
    brokenIn(root, page, readFileSync(path.join(root, page), 'utf8')),
  );
}

/** @param page path of the page in `root`. */
export function brokenIn(root: string, page: string, text: string): string[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return [
    ...links.filter((target) => !leadsSomewhere(root, page, text, target)).map((target) => `link ${target}`),
    ...spans.filter((span) => isPath(root, span) && !pathExists(root, span)).map((span) => `path ${span}`),
  ].map((problem) => `${page}: ${problem} does not exist`);
}

function leadsSomewhere(root: string, page: string, text: string, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return true;
  const [file = '', anchor] = target.split('#');
  const found = path.join(root, path.dirname(page), decodeURI(file));
  if (file !== '' && !existsSync(found)) return false;
  if (anchor === undefined) return true;
  return anchorsOf(file === '' ? text : readFileSync(found, 'utf8')).has(anchor);
}

/** Returns GitHub's anchor: the heading in lower case, without punctuation, with a hyphen for each blank. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => heading);
  const anchors = headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  return new Set(
    anchors.map((anchor, at) => {
      const earlier = anchors.slice(0, at).filter((other) => other === anchor).length;
      return earlier === 0 ? anchor : `${anchor}-${earlier}`;
    }),
  );
}

function isPath(root: string, span: string): boolean {
  if (!PATH.test(span) || MADE_LATER.some((folder) => span.startsWith(folder))) return false;
  if (!span.includes('/')) return PAGE_OF_ROOT.test(span);
  return existsSync(path.join(root, span.split('/', 1)[0]!));
}

function pathExists(root: string, span: string): boolean {
  const pattern = span.replace(/\/$/, '').replaceAll(/<[^>]*>/g, '*');
  return /[*{]/.test(pattern)
    ? alternatives(pattern).every((each) => globSync(each, { cwd: root }).length > 0)
    : existsSync(path.join(root, pattern));
}

/** Expands braces: `core/{a,b}` is both `core/a` and `core/b`. */
function alternatives(pattern: string): string[] {
  const [whole, list = ''] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return list.split(',').flatMap((each) => alternatives(pattern.replace(whole, each)));
}
