import { expect, test } from 'vitest';
import { dayNumber, daysInMonth, packedDate, weekday } from '../../src/schedule/civil-date.ts';

test('every day from 1900 to 2199 has its date, its weekday and its place in the month', () => {
  const end = Date.UTC(2200, 0, 1) / 86_400_000;
  for (let day = Date.UTC(1900, 0, 1) / 86_400_000; day < end; day++) {
    const date = new Date(day * 86_400_000);
    const [year, month, ofMonth] = [
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
    ];
    const packed = packedDate(day);
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    if (
      packed >> 9 !== year ||
      ((packed >> 5) & 15) !== month ||
      (packed & 31) !== ofMonth ||
      dayNumber(year, month, ofMonth) !== day ||
      weekday(day) !== date.getUTCDay() ||
      daysInMonth(year, month) !== last
    )
      expect(date.toISOString(), 'is told wrongly').toBe('');
  }
});
