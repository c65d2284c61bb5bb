#!/usr/bin/env node
/** The command line. Each command is a module of its own; this one names them and turns errors into exit codes. */

import { enableCompileCache } from 'node:module';

enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
