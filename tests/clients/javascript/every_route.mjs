// Touches every OpenAI-shaped route with the stock `openai` client, and prints what came back as JSON.
//
// Usage: node every_route.mjs http://127.0.0.1:8000/v1 [persona]

import { createRequire } from "node:module";

const require = createRequire(new URL("../../../web/package.json", import.meta.url));
const { OpenAI, toFile } = require("openai");

const SENTENCE = "Hello there, how are you today?";
const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Tells the weather in a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const PERSON = {
  name: "person",
  strict: true,
  schema: {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" } },
    required: ["name", "age"],
    additionalProperties: false,
  },
};

async function models(client) {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  const one = await client.models.retrieve(ids[0]);
  const unknown = await client.models.retrieve("no-such-model").catch((error) => error.code);
  return { ids, one: one.id, unknown };
}

async function chat(client, persona) {
  const messages = [{ role: "user", content: "Say hello." }];
  const asked = { model: "any", messages, max_tokens: 24, temperature: 0, seed: 1 };
  const whole = await client.chat.completions.create(asked);
  let streamed = "";
  let usage = null;
  let finish = null;
  const stream = await client.chat.completions.create({
    ...asked,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    usage = chunk.usage ?? usage;
    for (const choice of chunk.choices) {
      streamed += choice.delta.content ?? "";
      finish = choice.finish_reason ?? finish;
    }
  }
  const twice = await client.chat.completions.create({ ...asked, n: 2, max_tokens: 8 });
  const theirs = await client.chat.completions.create({ model: persona, messages });
  let piecewise = "";
  for await (const chunk of await client.chat.completions.create({ model: persona, messages, stream: true })) {
    piecewise += chunk.choices[0]?.delta.content ?? "";
  }
  return {
    whole: whole.choices[0].message.content,
    streamed,
    finish: [whole.choices[0].finish_reason, finish],
    tokens: [whole.usage.completion_tokens, usage.completion_tokens],
    answers: twice.choices.length,
    model: [whole.model, theirs.model],
    persona: theirs.choices[0].message.content,
    "persona streamed": piecewise,
  };
}

async function structured(client) {
  const ask = [{ role: "user", content: "Bob is 42 years old. Give his name and age as JSON." }];
  const held = { type: "json_schema", json_schema: PERSON };
  const parsed = await client.chat.completions.parse({
    model: "any",
    messages: ask,
    response_format: held,
    max_tokens: 64,
  });
  const plain = await client.chat.completions.create({
    model: "any",
    messages: ask,
    response_format: { type: "json_object" },
    max_tokens: 64,
  });
  const messages = [{ role: "user", content: "What is the weather in Madrid?" }];
  const tooled = {
    model: "any",
    messages,
    tools: [WEATHER],
    tool_choice: { type: "function", function: { name: "get_weather" } },
    max_tokens: 64,
    temperature: 0,
  };
  const call = (await client.chat.completions.create(tooled)).choices[0];
  const tool = call.message.tool_calls[0];
  const runner = client.chat.completions.stream({ ...tooled });
  const streamed = (await runner.finalChatCompletion()).choices[0].message.tool_calls[0];
  const final = await client.chat.completions.create({
    model: "any",
    messages: [...messages, call.message, { role: "tool", tool_call_id: tool.id, content: "Sunny and 25 degrees." }],
    tools: [WEATHER],
    max_tokens: 48,
    temperature: 0,
  });
  return {
    person: JSON.parse(parsed.choices[0].message.content),
    json: JSON.parse(plain.choices[0].message.content),
    finish: call.finish_reason,
    call: [tool.function.name, JSON.parse(tool.function.arguments)],
    "streamed call": [streamed.function.name, JSON.parse(streamed.function.arguments)],
    told: final.choices[0].message.content,
  };
}

async function speech(client) {
  const said = { model: "tts-1", voice: "alloy", input: SENTENCE };
  const files = {};
  for (const form of ["mp3", "opus", "aac", "flac", "wav", "pcm"]) {
    const response = await client.audio.speech.create({ ...said, response_format: form });
    const pieces = [];
    for await (const piece of response.body) pieces.push(Buffer.from(piece));
    files[form] = Buffer.concat(pieces);
  }
  const quick = await client.audio.speech.create({ ...said, response_format: "wav", speed: 4 });
  const events = await client.audio.speech.create({ ...said, response_format: "pcm", stream_format: "sse" });
  const kinds = new Set();
  let size = 0;
  for (const line of (await events.text()).split("\n")) {
    if (!line.startsWith("data:")) continue;
    const event = JSON.parse(line.slice(5));
    kinds.add(event.type);
    size += Buffer.from(event.audio ?? "", "base64").length;
  }
  const found = {
    bytes: Object.fromEntries(Object.entries(files).map(([form, data]) => [form, data.length])),
    seconds: files.pcm.length / 48_000,
    quick: ((await quick.arrayBuffer()).byteLength - 44) / 48_000,
    events: [...kinds].sort(),
    same: Math.abs(size - files.pcm.length) < 4800,
  };
  return [found, files.wav];
}

async function transcriptions(client, recording) {
  const file = () => toFile(recording, "a.wav");
  const heard = async (options) =>
    client.audio.transcriptions.create({ model: "whisper-1", file: await file(), ...options });
  const verbose = await heard({
    response_format: "verbose_json",
    timestamp_granularities: ["word", "segment"],
    language: "en",
  });
  let deltas = "";
  let done = "";
  for await (const event of await heard({ stream: true })) {
    deltas += event.delta ?? "";
    done = event.text ?? done;
  }
  const translation = await client.audio.translations
    .create({ model: "whisper-1", file: await file() })
    .catch((error) => error.code);
  return {
    json: (await heard({})).text,
    text: await heard({ response_format: "text" }),
    srt: await heard({ response_format: "srt" }),
    vtt: await heard({ response_format: "vtt" }),
    verbose: [verbose.text, verbose.language, verbose.duration],
    words: verbose.words.map((word) => [word.word, word.start, word.end]),
    segments: verbose.segments.length,
    streamed: [deltas, done],
    translation,
  };
}

async function embeddings(client) {
  const texts = ["the cat sat on the mat", "a feline rested on a rug", "interest rates rose again"];
  const packed = await client.embeddings.create({ model: "any", input: texts });
  const plain = await client.embeddings.create({ model: "any", input: texts[0], encoding_format: "float" });
  const short = await client.embeddings.create({ model: "any", input: texts[0], dimensions: 16 });
  const rows = packed.data.map((row) => row.embedding);
  const product = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);
  const differences = rows[0].map((value, index) => Math.abs(value - plain.data[0].embedding[index]));
  return {
    dimensions: [rows[0].length, short.data[0].embedding.length],
    same: Math.max(...differences) < 1e-5,
    likeness: [product(rows[0], rows[1]), product(rows[0], rows[2])],
    usage: packed.usage.total_tokens,
  };
}

const [baseURL, persona = "open"] = process.argv.slice(2);
const client = new OpenAI({ apiKey: "none", baseURL, maxRetries: 0 });
const found = { models: await models(client), chat: await chat(client, persona) };
found.structured = await structured(client);
const [spoken, recording] = await speech(client);
found.speech = spoken;
found.transcriptions = await transcriptions(client, recording);
found.embeddings = await embeddings(client);
console.log(JSON.stringify(found, null, 1));
