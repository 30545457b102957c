#!/usr/bin/env node
// Plain JavaScript that also an old Node reads: it finds a Node new enough to run the TypeScript files as they are.
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
  // Types are stripped and code is compiled once; later runs take both from a cache in the folder for temporary files.
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

/** The same command under another Node, as if it were this process: output, signals and exit code pass through. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // On Ctrl-C the terminal tells the child too; this process only has to wait for it.
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
