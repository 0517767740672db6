import { testZones } from './oracle/test-zones.ts';

testZones('Africa', 'Antarctica', 'Europe', 'UTC');
