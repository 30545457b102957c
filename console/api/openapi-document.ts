/** Builds the console's OpenAPI document. */
import { loadSettings } from '../../settings.ts';
import { buildConsole } from './app.ts';
import { connectSources } from './connect-sources.ts';

const SILENT = { info: () => undefined, warn: () => undefined };

/** Returns the document without calling any server, because upstreams connect on first use. */
export async function openapiDocument(): Promise<object> {
  const { sources, close } = connectSources(loadSettings({}), SILENT);
  const facts = {
    version: '',
    modelName: '',
    readNeedsToken: false,
    temporalUi: null,
    mlflowUi: null,
    grafana: null,
  };
  const app = await buildConsole({ sources, facts, web: '' });
  try {
    await app.ready();
    return app.swagger();
  } finally {
    await app.close();
    await close();
  }
}
