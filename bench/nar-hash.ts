/** Prints the NAR hash of each argument. */

import { byteString } from '../src/store/closure.ts';
import { narHashOfTree } from '../src/store/nar.ts';

for (const path of process.argv.slice(2)) process.stdout.write(`${narHashOfTree(byteString(path))} ${path}\n`);
