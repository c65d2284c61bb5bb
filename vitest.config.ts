import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks' as const,
  // The package world compiles for minutes where nothing is cached; single tests are far quicker than this.
  testTimeout: 120_000,
  hookTimeout: 3_600_000,
};

export default defineConfig({
  test: {
    // The last line of a run counts the tests, whatever the runner is.
    reporters: ['default', './test/summary-reporter.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unmoor',
          include: ['test/**/*.test.ts'],
          exclude: ['**/fixtures/**', 'test/world/**'],
          globalSetup: ['test/global-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'world',
          include: ['test/world/**/*.test.ts'],
          globalSetup: ['test/world/global-setup.ts'],
        },
      },
    ],
  },
});
