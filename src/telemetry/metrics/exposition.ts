import { setImmediate } from 'node:timers/promises';
import type { Registry } from 'prom-client';

/**
 * All metrics in the text format. One after the other, with a turn of the event loop between them:
 * of a thousand jobs they are half a megabyte, and what is due is not to wait for all of it.
 */
export async function expositionText(registry: Registry): Promise<string> {
  const texts: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    texts.push(await registry.getSingleMetricAsString(name));
    await setImmediate();
  }
  return `${texts.join('\n\n')}\n`;
}
