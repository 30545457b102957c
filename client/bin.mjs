#!/usr/bin/env node
// This file is plain JavaScript so that an old Node can read it. It finds a Node that is new enough to run the TypeScript files.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// The first release that runs TypeScript without a flag.
const NEEDED = [22, 18];
const project = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  // Node caches compiled code in the folder for temporary files, so later runs skip type stripping and compilation.
  module.enableCompileCache();
  const { main } = await import('./cli.ts');
  await main(process.argv);
} else {
  const node = path.join(project, '.stack', 'node', 'node_modules', 'node', 'bin', 'node');
  if (existsSync(node)) {
    runWith(node);
  } else {
    process.stderr.write(
      `error: citibike needs Node ${NEEDED.join('.')} or newer, this is ${process.version}. Run 'make setup' in ${project}: it installs one for this project only.\n`,
    );
    process.exitCode = 1;
  }
}

/** Runs the same command under another Node and passes output, signals and exit code through. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // On Ctrl-C the terminal also signals the child, so this process only waits for it.
    process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
  }
  child.on('error', (error) => {
    process.stderr.write(`error: ${node} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
