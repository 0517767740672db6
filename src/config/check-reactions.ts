import { quote } from './describe-value.ts';
import type { Declarations } from './merge-files.ts';
import { type Problem, type ValueSpot, valueSpot } from './problem.ts';

interface Link {
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly at: ValueSpot;
}

/**
 * Jobs that set each other off in a circle would run for ever: each circle is one problem that
 * shows all of its links.
 */
export function checkReactions(declarations: Declarations): readonly Problem[] {
  const links = linksBetweenJobs(declarations);
  const done = new Set<string>();
  const problems: Problem[] = [];
  for (const job of links.keys()) {
    if (!done.has(job)) findCircles(job, links, done, problems);
    if (problems.length >= mostCircles) break;
  }
  return problems;
}

/** Jobs that are all linked with each other have more circles than anybody could read. */
const mostCircles = 20;
const mostLinksShown = 20;

function linksBetweenJobs(declarations: Declarations): ReadonlyMap<string, readonly Link[]> {
  const links = new Map<string, Link[]>();
  for (const { name, place, value } of declarations.jobs.values()) {
    for (const [event, target] of Object.entries(value?.on ?? {})) {
      if (typeof target !== 'object' || !('job' in target) || target.job === undefined) continue;
      const at = valueSpot(place.file, 'jobs', name, 'on', event, 'job');
      const ofJob = links.get(name) ?? [];
      ofJob.push({ from: name, to: target.job, event, at });
      links.set(name, ofJob);
    }
  }
  return links;
}

/** Depth first with a stack of our own: a chain of a hundred thousand jobs must not end ours. */
function findCircles(
  start: string,
  links: ReadonlyMap<string, readonly Link[]>,
  done: Set<string>,
  problems: Problem[],
): void {
  const way: Link[] = [];
  const depthOf = new Map<string, number>([[start, 0]]);
  const pending: { readonly job: string; next: number }[] = [{ job: start, next: 0 }];
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    if (problems.length >= mostCircles) return;
    const link = links.get(top.job)?.[top.next];
    top.next += 1;
    if (link === undefined) {
      done.add(top.job);
      depthOf.delete(top.job);
      pending.pop();
      way.pop();
      continue;
    }
    const depth = depthOf.get(link.to);
    if (depth !== undefined) problems.push(circle([...way.slice(depth), link]));
    else if (!done.has(link.to)) {
      way.push(link);
      depthOf.set(link.to, pending.length);
      pending.push({ job: link.to, next: 0 });
    }
  }
}

function circle(links: readonly Link[]): Problem {
  const [first, ...others] = links as readonly [Link, ...Link[]];
  const shown = links.slice(0, mostLinksShown).map((link) => quote(link.from));
  const dots = links.length > mostLinksShown ? ['...'] : [];
  const names = [...shown, ...dots, quote(first.from)].join(' → ');
  return {
    rule: 'reaction-cycle',
    message: `jobs set each other off in a circle: ${names}`,
    at: first.at,
    note: `${first.event} of "${first.from}" runs "${first.to}"`,
    related: others.slice(0, mostLinksShown).map((link) => ({
      at: link.at,
      note: `${link.event} of "${link.from}" runs "${link.to}"`,
    })),
    help: 'Break the circle: once begun it would never end.',
  };
}
