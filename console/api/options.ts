import type { FastifyBaseLogger } from 'fastify';
import type { Sources } from './sources.ts';

/** Represents facts about the console that its pages show. */
export interface StatusFacts {
  readonly version: string;
  readonly modelName: string;
  /** True if the console listens beyond the loopback. */
  readonly readNeedsToken: boolean;
  /** Addresses of other user interfaces; null if they are unknown. */
  readonly temporalUi: string | null;
  readonly mlflowUi: string | null;
  readonly grafana: string | null;
}

/** Dependencies of each plugin and route of the console. */
export interface ConsoleOptions {
  readonly sources: Sources;
  readonly facts: StatusFacts;
  /** Folder of the built pages. */
  readonly web: string;
}

export interface ServerOptions extends ConsoleOptions {
  /** Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto headers are trusted. The default is none. */
  readonly trustedProxies?: readonly string[];
  /** Maximum number of open connections. The default is no limit. */
  readonly maxConnections?: number;
  readonly logger?: FastifyBaseLogger;
}
