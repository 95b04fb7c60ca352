/** Writes the model that the browser's graphics device is measured with into a folder of the repository. Usage: gpu-model FOLDER */
import { mkdirSync } from "node:fs";
import { writeModel } from "./model-folder.js";
import { miniLm, randomEncoder } from "./random-encoder.js";

const bytes = randomEncoder(miniLm);
mkdirSync(process.argv[2]!, { recursive: true });
console.log(JSON.stringify({ folder: writeModel(process.argv[2]!, bytes), bytes: bytes.byteLength }));
