/** Settings from the environment, read once at start. */
function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const settings = {
  databaseUrl: () => required('DATABASE_URL'),
  databaseConnections: () => Number(process.env.DATABASE_CONNECTIONS ?? 10),
  natsUrl: () => process.env.NATS_URL ?? 'nats://127.0.0.1:4222',
  httpPort: () => Number(process.env.HTTP_PORT ?? 3000),
};
