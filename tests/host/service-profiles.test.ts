import { expect, test } from 'vitest';
import { ServiceProfiles } from '../../src/host/service-profiles.ts';

test('an unknown service is tried before it is trusted', () => {
  const profiles = new ServiceProfiles();
  expect(profiles.lane('new')).toBe('untried');
  expect(profiles.estimate('new')).toMatchObject({ isUnknown: true, isShort: false });
  profiles.measured('new', 0.1, 0.05);
  expect(profiles.lane('new')).toBe('known');
  expect(profiles.estimate('new')).toEqual({ costMs: 0.1, worstMs: 0.1, isShort: true });
});

test('one long block is remembered for a while', () => {
  const profiles = new ServiceProfiles();
  profiles.measured('service', 1, 1);
  profiles.measured('service', 50, 50);
  expect(profiles.estimate('service').worstMs).toBe(50);
  for (let count = 0; count < 60; count += 1) profiles.measured('service', 1, 1);
  expect(profiles.estimate('service').worstMs).toBeLessThan(2);
});

test('one long block among short runs does not make each of a line count as long', () => {
  const profiles = new ServiceProfiles();
  for (let count = 0; count < 20; count += 1) profiles.measured('service', 0.02, 0.01);
  profiles.measured('service', 2, 2);
  expect(profiles.estimate('service').costMs).toBeLessThan(0.3);
  expect(profiles.estimate('service').worstMs).toBe(2);
});

test('a culprit shares a host again after ten good runs, a suspect after one', () => {
  const profiles = new ServiceProfiles();
  profiles.blamed('culprit');
  profiles.suspected('suspect');
  for (let count = 0; count < 9; count += 1) profiles.measured('culprit', 1, 1);
  expect(profiles.lane('culprit')).toBe('own');
  profiles.measured('culprit', 1, 1);
  profiles.measured('suspect', 1, 1);
  expect([profiles.lane('culprit'), profiles.lane('suspect')]).toEqual(['known', 'known']);
});

test('suspicion does not shorten the time of a culprit', () => {
  const profiles = new ServiceProfiles();
  profiles.blamed('service');
  profiles.suspected('service');
  profiles.measured('service', 1, 1);
  expect(profiles.lane('service')).toBe('own');
});
