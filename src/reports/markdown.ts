/** Text in Markdown that stays text: nothing in it is markup, a link or a mention. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~@$-]/g, (character) => `&#${character.charCodeAt(0)};`);
}
