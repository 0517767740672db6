import { testZones } from './oracle/test-zones.ts';

testZones('America');
