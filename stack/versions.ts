/** Pins the software of the local stack. A change here reinstalls it at the next `up`. */

/** Servers that are a single binary, from their project's own releases. */
export interface PinnedBinary {
  /** File name under `.stack/bin` and of the binary inside the archive. */
  readonly name: 'temporal' | 'versitygw';
  readonly version: string;
  /** Matches what `--version` prints for the pinned version; a binary built by `go install` may not know its own. */
  readonly printed: RegExp;
  /** Go package to build if no verified download is available. */
  readonly goPackage: string;
  /** URL of the release folder, which contains the archives and `checksums.txt` with their SHA-256. */
  readonly release: string;
  /** Returns the file name of the archive for a platform. */
  readonly archive: (platform: Platform) => string;
  /**
   * SHA-256 (hexadecimal) by archive, checked in addition to the publisher's file. Add one only after
   * comparing the archive itself with the publisher's `checksums.txt`.
   */
  readonly sha256: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'x64' | 'arm64';
}

/** Contains server 1.29.1. Newer CLIs carry replace directives in their go.mod and cannot be built by `go install`. */
export const TEMPORAL: PinnedBinary = {
  name: 'temporal',
  version: '1.5.1',
  printed: /^temporal version (1\.5\.1|0\.0\.0-DEV) \(Server 1\.29\.1,/m,
  goPackage: 'github.com/temporalio/cli/cmd/temporal',
  release: 'https://github.com/temporalio/cli/releases/download/v1.5.1',
  archive: ({ os, arch }) => `temporal_cli_1.5.1_${os}_${arch === 'x64' ? 'amd64' : 'arm64'}.tar.gz`,
  sha256: {},
};

export const VERSITYGW: PinnedBinary = {
  name: 'versitygw',
  version: '1.8.0',
  printed: /^Version\s*:\s*v?1\.8\.0$/m,
  goPackage: 'github.com/versity/versitygw/cmd/versitygw',
  release: 'https://github.com/versity/versitygw/releases/download/v1.8.0',
  archive: ({ os, arch }) =>
    `versitygw_v1.8.0_${os === 'linux' ? 'Linux' : 'Darwin'}_${arch === 'x64' ? 'x86_64' : 'arm64'}.tar.gz`,
  sha256: {},
};

/** The list `mlflow-requirements.txt` pins MLflow; its numpy and pandas need this Python. */
export const PYTHON_MINIMUM = [3, 11] as const;
