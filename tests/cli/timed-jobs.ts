import { aProject } from './cli-fixture.ts';

/** Jobs whose times are not what one would think. */
export function aTimedProject(): string {
  return aProject({
    'jobs.yaml': `version: 1
defaults: { timezone: Europe/Berlin, timeout: 10m, retry: { attempts: 3 } }
`,
    'jobs.d/times.yaml': `version: 1
services:
  reports.nightly: { module: services/report.ts, timeout: 20m }
jobs:
  nightly:
    type: cron
    cron: "30 2 * * *"
    service: reports.nightly
    extra: { key: newest.data }
    retry: { delay: 5s }
    catchUp: { mode: all, window: 6h }
    description: Sends the nightly report to everybody who has asked for it, and to the archive.
    on: { failure: jobsd.log-input }
  lord-howe: { type: cron, cron: "15 1,2 * * *", timezone: Australia/Lord_Howe, service: jobsd.ping }
  running: { type: cron, cron: "*/20 * * * *", service: jobsd.ping }
  both: { type: cron, cron: "30 2 * * *", dst: { gap: shift, overlap: both }, service: jobsd.ping }
  month-end: { type: cron, cron: "0 18 LW * *", service: jobsd.ping }
  hashed: { type: cron, cron: "H H(0-5) * * *", service: jobsd.ping }
  spread: { type: cron, cron: "0 * * * *", jitter: 10m, service: jobsd.ping }
  two-lists:
    type: cron
    cron: ["0 9 * * MON-FRI", "*/25 17 1-7 * SAT"]
    service: jobsd.ping
  each-day: { type: interval, every: 1d, start: "2030-03-28 02:30", service: jobsd.ping }
  each-24h: { type: interval, every: 24h, start: "2030-03-28 02:30", service: jobsd.ping }
  beat: { type: interval, every: 10m, service: jobsd.ping }
  cutover: { type: one-time, at: "2030-03-31 02:30", service: jobsd.ping }
  cutover-utc: { type: one-time, at: "2030-03-31T01:30:00Z", service: jobsd.ping }
  old: { type: cron, cron: "@daily", enabled: false, service: jobsd.ping }
  by-hand: { type: manual, service: jobsd.ping }
`,
    'services/report.ts': 'export default class Report {}\n',
  });
}
