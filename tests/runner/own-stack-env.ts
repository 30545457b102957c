/** Names the settings of a running stack, which must not reach the tests' own stacks. */
const ADDRESSES = [
  'TEMPORAL_ADDRESS',
  'AWS_ENDPOINT_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'MLFLOW_TRACKING_URI',
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'DATABASE_READER_URL',
];

/** Returns the environment for a stack of its own at a port offset. */
export function ownStackEnv(env: NodeJS.ProcessEnv, offset: number): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !ADDRESSES.includes(name));
  return { ...Object.fromEntries(own), PORT_OFFSET: String(offset) };
}
