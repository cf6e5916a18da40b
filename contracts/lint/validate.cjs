#!/usr/bin/env node
// Validates the AsyncAPI documents with AsyncAPI's own parser, and the examples against the schemas with ajv, so that
// the generated parsers and an independent implementation of JSON Schema agree on what is valid.
// usage: validate.cjs CONTRACTS_DIRECTORY, with the packages of package.json on NODE_PATH
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const YAML = require('yaml');
const Ajv2020 = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;
const { Parser, fromFile } = require('@asyncapi/parser');

const root = path.resolve(process.argv[2]);
let faults = 0;

function fault(file, message) {
    faults += 1;
    console.error(`${path.relative(root, file)}: ${message}`);
}

function filesIn(directory, extension) {
    if (!fs.existsSync(directory)) return [];
    return fs
        .readdirSync(directory, { withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
        .map((entry) => path.join(directory, entry.name));
}

function depth(value) {
    if (value === null || typeof value !== 'object') return 0;
    return 1 + Math.max(0, ...Object.values(value).map(depth));
}

function isObjectText(text, maxDepth) {
    try {
        const value = JSON.parse(text);
        return value !== null && typeof value === 'object' && !Array.isArray(value) && depth(value) <= maxDepth;
    } catch {
        return false;
    }
}

// The keywords of our own: those with an effect are given it, so that ajv judges as the generated code does.
function addKeywords(ajv) {
    const check = (keyword, validate) => ajv.addKeyword({ keyword, schemaType: 'number', validate });
    check('x-max-bytes', (limit, value) => Buffer.byteLength(JSON.stringify(value)) <= limit);
    check('x-max-depth', (limit, value) => depth(value) <= limit);
    ajv.addVocabulary(['x-mixin', 'x-cpp', 'x-base', 'x-query', 'x-clamp-maximum', 'x-duration']);
    // An annotation to JSON Schema; here it is the text of an object.
    ajv.removeKeyword('contentMediaType');
    ajv.addKeyword({
        keyword: 'contentMediaType',
        type: 'string',
        validate: (type, text, schema) => isObjectText(text, schema['x-max-depth']),
    });
    // As far as JavaScript's numbers can tell; ajv-formats takes any integer.
    ajv.addFormat('int64', {
        type: 'number',
        validate: (value) => Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63,
    });
}

function loadSchemas() {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
    addFormats(ajv);
    addKeywords(ajv);
    const names = new Map();
    for (const context of fs.readdirSync(path.join(root, 'schemas'))) {
        for (const file of filesIn(path.join(root, 'schemas', context), '.yaml')) {
            const id = `file:///schemas/${context}/${path.basename(file)}`;
            try {
                ajv.addSchema(YAML.parse(fs.readFileSync(file, 'utf8')), id);
                names.set(path.basename(file, '.yaml'), id);
            } catch (error) {
                fault(file, error.message);
            }
        }
    }
    return { ajv, names };
}

function validateExamples() {
    const { ajv, names } = loadSchemas();
    let count = 0;
    for (const id of names.values()) ajv.getSchema(id);  // compiles those without examples too
    for (const name of fs.readdirSync(path.join(root, 'examples'))) {
        const directory = path.join(root, 'examples', name);
        if (!names.has(name)) {
            fault(directory, 'there is no schema of this name');
            continue;
        }
        const validate = ajv.getSchema(names.get(name));
        for (const file of [...filesIn(directory, '.json'), ...filesIn(path.join(directory, 'edge'), '.json')]) {
            count += 1;
            if (!validate(JSON.parse(fs.readFileSync(file, 'utf8')))) {
                fault(file, `ajv refuses it: ${ajv.errorsText(validate.errors)}`);
            }
        }
        for (const file of filesIn(path.join(directory, 'invalid'), '.json')) {
            count += 1;
            if (validate(JSON.parse(fs.readFileSync(file, 'utf8')).document)) fault(file, 'ajv takes it');
        }
    }
    console.log(`ajv: ${names.size} schemas, ${count} examples`);
}

async function validateAsyncApi() {
    for (const file of filesIn(path.join(root, 'asyncapi'), '.yaml')) {
        const parser = new Parser();
        const { document, diagnostics } = await fromFile(parser, file).parse();
        for (const diagnostic of diagnostics) {
            const where = diagnostic.path.join('/');
            const text = `${where}: ${diagnostic.message} (${diagnostic.code})`;
            // 0 is an error, 1 a warning; the rest is advice.
            if (diagnostic.severity <= 1) fault(file, text);
        }
        if (document) console.log(`asyncapi: ${path.basename(file)}, ${document.operations().length} operations`);
    }
}

async function main() {
    validateExamples();
    await validateAsyncApi();
    process.exitCode = faults === 0 ? 0 : 1;
}

main();
