#!/usr/bin/env node
/** The command line. Each command is a module of its own; this one names them and turns errors into exit codes. */

import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// In the user's own cache: the temporary directory, Node's default, belongs to everybody.
const { NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
// Older versions have none; pre-commit may start the hooks with one.
module.enableCompileCache?.(
  NODE_COMPILE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'unmoor', 'compiled'),
);

const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
