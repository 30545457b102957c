/** Collects the code that each cached stage reaches from its activity, without comments, types, imports and messages. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { PROJECT_DIR } from '../../../settings.ts';

/** Lists code that moves or reports data and does not affect the results of a stage. */
const NOT_COMPUTING =
  /^(adapters\/(fastify|mlflow|postgres|s3|sources|temporal)|activities\/common)\/|^contracts\/errors\.ts$/;

const VERSION = /^const (\w*STAGE_VERSION) = (\d+);/m;

export interface Stage {
  /** File of the activity, relative to the project. */
  readonly file: string;
  /** Name of the constant that holds the version. */
  readonly constant: string;
  readonly version: number;
  /** Digest of the code that the stage reaches. */
  readonly fingerprint: string;
}

/** Returns every stage that declares a version, by file. */
export function stages(): Stage[] {
  return globSync('activities/**/*.ts', { cwd: PROJECT_DIR })
    .sort()
    .flatMap((file) => {
      const [, constant, version] = VERSION.exec(textOf(file)) ?? [];
      return constant === undefined
        ? []
        : [{ file, constant, version: Number(version), fingerprint: fingerprintOf(file) }];
    });
}

function fingerprintOf(entry: string): string {
  const reached = new Map<string, string>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (reached.has(file) || NOT_COMPUTING.test(file)) continue;
    const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
    reached.set(file, tokensOf(source).join(' '));
    queue.push(...filesNamedIn(source));
  }
  // The digest ignores paths, so that a file can move.
  const contents = [...reached.values()].sort();
  return createHash('sha256').update(contents.join('\n')).digest('hex').slice(0, 16);
}

/** Returns the files that a source imports as values, and those that it starts as processes. */
function filesNamedIn(source: ts.SourceFile): string[] {
  const folder = path.dirname(source.fileName);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly) return;
    if (ts.isStringLiteral(node) && node.text.endsWith('.ts')) {
      const file = path.join(folder, node.text);
      if (existsSync(path.join(PROJECT_DIR, file))) found.push(file);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function tokensOf(node: ts.Node): string[] {
  if (isWithoutEffect(node)) return [];
  if (ts.isNewExpression(node) && node.expression.getText() === 'CitibikeError') return ['CitibikeError'];
  const children = node.getChildren();
  if (children.length > 0) return children.flatMap(tokensOf);
  const text = node.getText();
  // Formatters add and remove these characters.
  return text === ',' || text === ';' || text === '' ? [] : [text];
}

function isWithoutEffect(node: ts.Node): boolean {
  return (
    ts.isImportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeNode(node) ||
    ts.isJSDoc(node)
  );
}

function textOf(file: string): string {
  return readFileSync(path.join(PROJECT_DIR, file), 'utf8');
}
