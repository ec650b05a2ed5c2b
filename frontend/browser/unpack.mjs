// node unpack.mjs TARGET: the packed browser and its libraries, written out; the tar itself is opened by the caller.
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const packed = "node_modules/@sparticuz/chromium/bin";
const target = process.argv[2];
for (const [from, to] of [["chromium.br", "chromium.bin"], ["al2023.tar.br", "libraries.tar"]]) {
  await pipeline(createReadStream(`${packed}/${from}`), createBrotliDecompress(), createWriteStream(`${target}/${to}`));
}
