// Loads the module: `node page.mjs FILE`. A browser does the same with `fetch`.
import { readFile } from "node:fs/promises";

const imports = {
    page: {
        show(text, length) {
            const bytes = new Uint8Array(instance.exports.memory.buffer, text, length);
            console.log(new TextDecoder().decode(bytes));
        },
    },
};
const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]), imports);
console.log(`the total is ${instance.exports.load(6, 4)}`);
