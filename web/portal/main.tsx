import { config } from 'zod';

// Zod would try to compile schemas by `new Function`; the page's policy forbids that, and the browser would report it each time.
config({ jitless: true });

// After that, and not imported above: the first schemas are created while this loads.
void import('./start.tsx');
