import { readFileSync } from 'node:fs';

const data = '@out@/share/world';
export const words = () => readFileSync(data + '/words', 'utf8').trim().length;
