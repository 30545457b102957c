import { spawnSync } from 'node:child_process';

/**
 * Checks whether files in a folder can have extended attributes. Node cannot set them, so MLflow's Python tries. The file systems
 * of macOS always support them, and Python has no call for them there.
 */
export function supportsExtendedAttributes(folder: string, python: string): boolean {
  if (process.platform !== 'linux') return true;
  const attempt = 'import os, sys; os.setxattr(sys.argv[1], "user.citibike", b"1")';
  return spawnSync(python, ['-c', attempt, folder], { stdio: 'ignore' }).status === 0;
}
