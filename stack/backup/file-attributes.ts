/**
 * Saves and restores the extended attributes of files, in which versitygw keeps the metadata of objects. Node has no call for them,
 * so Python does it, with one JSON object per line: `{"path", "attributes"}`, values in base64.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { findPython } from '../install/python.ts';
import type { Layout } from '../stack-layout.ts';

const SAVE = `
import base64, json, os, sys
root = sys.argv[1]
def save(path):
    names = [name for name in os.listxattr(path, follow_symlinks=False) if name.startswith('user.')]
    if names:
        values = {name: base64.b64encode(os.getxattr(path, name, follow_symlinks=False)).decode() for name in names}
        print(json.dumps({'path': os.path.relpath(path, root), 'attributes': values}))
for top in sys.argv[2:]:
    save(os.path.join(root, top))
    for folder, folders, files in os.walk(os.path.join(root, top)):
        for name in folders + files:
            save(os.path.join(folder, name))
`;

/** Rejects paths that leave the folder, and names outside the class \`user\`, which could change rights. */
const RESTORE = `
import base64, json, os, sys
root = sys.argv[1]
for line in sys.stdin:
    entry = json.loads(line)
    path = entry['path']
    if path.startswith('/') or '..' in path.split('/'):
        sys.exit('path outside the folder: ' + path)
    for name, value in entry['attributes'].items():
        if not name.startswith('user.'):
            sys.exit('attribute of another class: ' + name)
        os.setxattr(os.path.join(root, path), name, base64.b64decode(value), follow_symlinks=False)
`;

/** Holds the folders of S3 under `data`. */
const S3_FOLDERS = ['s3', 'object-versions'];

/** Writes the attributes of S3's files to a file. */
export async function saveAttributes(layout: Layout, file: string): Promise<void> {
  const folders = S3_FOLDERS.filter((folder) => existsSync(path.join(layout.data, folder)));
  const target = await open(file, 'wx', 0o600);
  try {
    if (folders.length > 0 && needsAttributes(layout.data))
      await runPython(layout, SAVE, [layout.data, ...folders], ['ignore', target.fd]);
  } finally {
    await target.close();
  }
}

/** Restores the attributes of the files in a folder that has the content of `data`. */
export async function restoreAttributes(layout: Layout, data: string, file: string): Promise<void> {
  const source = await open(file);
  try {
    if ((await source.stat()).size > 0) await runPython(layout, RESTORE, [data], [source.fd, 'ignore']);
  } finally {
    await source.close();
  }
}

/** @throws CitibikeError STACK on systems whose Python cannot read extended attributes. */
function needsAttributes(data: string): boolean {
  // With this folder, versitygw keeps the metadata in files.
  if (existsSync(path.join(data, 'metadata-of-s3'))) return false;
  if (process.platform === 'linux') return true;
  throw new CitibikeError(
    'STACK',
    `${data}: its files have extended attributes, which a backup saves only on Linux; stop the stack with 'citibike down' and copy the folder with the tar of this system`,
  );
}

async function runPython(
  layout: Layout,
  script: string,
  args: readonly string[],
  [input, output]: readonly ['ignore' | number, 'ignore' | number],
): Promise<void> {
  const child = spawn(await pythonOf(layout), ['-c', script, ...args], { stdio: [input, output, 'pipe'] });
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code === 0) return;
  const why = said.trim().split('\n').at(-1) ?? '';
  throw new CitibikeError(
    'STACK',
    `${args[0]}: the extended attributes cannot be copied: ${why}; use a file system that has them, such as ext4`,
  );
}

async function pythonOf({ mlflow }: Layout): Promise<string> {
  const installed = path.join(mlflow, 'bin', 'python');
  const python = existsSync(installed) ? installed : (await findPython())?.command;
  if (python !== undefined) return python;
  throw new CitibikeError(
    'STACK',
    "no Python was found, and the backup needs one; 'citibike doctor' says how to get it",
  );
}
