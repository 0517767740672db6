import type { FastifyInstance } from 'fastify';

/** Metrics as text, and what kind of text that is. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** What Prometheus and its relatives read. */
export function addMetricsRoute(app: FastifyInstance, page: () => Promise<MetricsPage>): void {
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await page();
    return reply.type(contentType).send(text);
  });
}
