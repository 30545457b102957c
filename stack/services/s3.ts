/** Defines S3 by versitygw: objects are files under data/s3, and their metadata are extended attributes. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { serverEnvironment } from '../environment.ts';
import type { Service } from '../service.ts';
import type { ServiceContext } from './context.ts';
import { supportsExtendedAttributes } from './extended-attributes.ts';
import { answersOk } from './http-ready.ts';

export function s3Service({ settings, layout, software, credentials }: ServiceContext): Service {
  const port = settings.ports.s3;
  const objects = path.join(layout.data, 's3');
  // No folder name may be a prefix of another, because versitygw compares paths as texts.
  const versions = path.join(layout.data, 'object-versions');
  const sidecar = path.join(layout.data, 'metadata-of-s3');
  return {
    name: 's3',
    title: 'S3',
    address: `http://127.0.0.1:${port}`,
    ports: [{ port, setting: 'S3_PORT' }],
    needs: [],
    startTimeoutMs: 30_000,

    async prepare() {
      for (const folder of [objects, versions]) mkdirSync(folder, { recursive: true, mode: 0o700 });
      // The format is decided once, on empty data, because the other format cannot read it.
      const isNew = readdirSync(objects).length === 0;
      if (isNew && !supportsExtendedAttributes(objects, path.join(software.mlflow, 'bin', 'python')))
        mkdirSync(sidecar, { recursive: true, mode: 0o700 });
    },

    command: () => ({
      file: software.versitygw,
      args: [
        ...['--port', `127.0.0.1:${port}`, '--region', settings.s3.region, '--health', '/health', '--quiet'],
        ...[
          'posix',
          // The server sets these permissions itself, regardless of the umask.
          ...['--dir-perms', '0700', '--file-perms', '0600'],
          '--versioning-dir',
          versions,
          ...(existsSync(sidecar) ? ['--sidecar', sidecar] : []),
          objects,
        ],
      ],
      env: serverEnvironment(layout, {
        ROOT_ACCESS_KEY: credentials.s3AccessKeyId,
        ROOT_SECRET_KEY: credentials.s3SecretAccessKey,
      }),
      cwd: layout.data,
    }),

    isReady: () => answersOk(`http://127.0.0.1:${port}/health`),
  };
}
