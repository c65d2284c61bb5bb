const data = '@out@/share/world';
exports.words = () => require('fs').readFileSync(`${data}/words`, 'utf8').trim();
