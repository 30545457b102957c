/** Creates the console's first token if there is none. The token is printed once and stored as a digest. */
import { firstToken } from '../adapters/postgres/console-tokens.ts';
import { Database } from '../adapters/postgres/database.ts';

export async function tellFirstToken(databaseUrl: string, say: (line: string) => void): Promise<void> {
  const database = new Database(databaseUrl);
  try {
    const token = await firstToken(database);
    if (token === undefined) return;
    say(`Console token, shown only this once: ${token}`);
    say(
      "  The console asks for it before it changes anything. 'citibike console-token create NAME' creates another.",
    );
  } finally {
    await database.close();
  }
}
