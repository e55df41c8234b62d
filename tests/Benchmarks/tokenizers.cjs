// The Rust library `tokenizers` by its own npm package, on one core. Started with a folder that holds task.json
// ({"tokenizer": FILE, "documents": FILE with a JSON array of texts, "whole": true for one text}); each line on standard
// input is answered by {"milliseconds", "check"}. Only encoding is timed.
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const task = JSON.parse(fs.readFileSync(path.join(process.argv[2], 'task.json'), 'utf8'));
let library;
try {
  library = require('tokenizers'); // NODE_PATH
} catch {
  library = createRequire(path.join(process.cwd(), 'package.json'))('tokenizers');
}
const documents = JSON.parse(fs.readFileSync(task.documents, 'utf8'));
const tokenizer = library.Tokenizer.fromFile(task.tokenizer);
const options = { addSpecialTokens: false };

async function encode() {
  const start = performance.now();
  const encodings = task.whole
    ? [await tokenizer.encode(documents.join('\n'), null, options)]
    : await tokenizer.encodeBatch(documents, options);
  return { milliseconds: performance.now() - start, encodings };
}

// Places times ids: equal for equal ids.
function check(encodings) {
  let sum = 0;
  for (const encoding of encodings) {
    encoding.getIds().forEach((id, place) => { sum += id * (place % 1009 + 1); });
  }
  return sum;
}

(async () => {
  console.log(JSON.stringify({ settings: `Rust tokenizers by npm, one core` }));
  for await (const _ of require('readline').createInterface({ input: process.stdin })) {
    const { milliseconds, encodings } = await encode();
    console.log(JSON.stringify({ milliseconds, check: check(encodings) }));
  }
})();
