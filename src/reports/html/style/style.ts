/** The style of all pages. */

import { colourStyle } from './colours.ts';
import { listStyle } from './lists.ts';
import { mediaStyle } from './media.ts';
import { pictureStyle } from './pictures.ts';
import { textStyle } from './text.ts';

export const style = [colourStyle, textStyle, pictureStyle, listStyle, mediaStyle].join('');
