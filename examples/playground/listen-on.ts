import type { AddressInfo, Server } from 'node:net';

export interface PlaygroundServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on loopback; says which variable points elsewhere when the port is taken. */
export async function listenOn(
  server: Server,
  port: number,
  name: string,
  variable: string,
): Promise<PlaygroundServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const hint = `Port ${port} is taken: end what listens there, or set ${variable}.`;
      reject(isTaken ? new Error(`The playground's ${name} cannot start. ${hint}`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
