import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'test/world/src/**'],
    pool: 'forks',
    // Integration tests build, relocate and start real programs on machines that may have two slow cores.
    testTimeout: 120_000,
    hookTimeout: 1_800_000,
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', './test/summary-reporter.ts'],
  },
});
