import { openMemoryBackend } from '../../src/backend/memory/open-memory-backend.ts';
import { backendSuite } from './backend-suite.ts';

backendSuite('memory', (clock) => openMemoryBackend({ clock }));
