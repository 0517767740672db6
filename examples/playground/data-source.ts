import { createServer } from 'node:http';
import { listenOn, type PlaygroundServer } from './listen-on.ts';

/** A REST endpoint with something new at each call: a made-up reading of a made-up sensor. */
export async function openDataSource(port: number): Promise<PlaygroundServer> {
  let reading = 0;
  const server = createServer((_request, response) => {
    reading += 1;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ reading, celsius: 20 + (reading % 7), at: new Date().toISOString() }),
    );
  });
  return listenOn(server, port, 'data source', 'DATA_SOURCE_URL');
}
