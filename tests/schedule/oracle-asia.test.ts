import { testZones } from './oracle/test-zones.ts';

testZones('Asia');
