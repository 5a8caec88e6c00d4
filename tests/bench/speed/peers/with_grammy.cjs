// grammY with better-sqlite3, as its tutorials show it: a commit a message; presses through its runner, 32 at once.
// node with_grammy.cjs bulk|press --api ADDRESS --messages N --in-flight N; NODE_PATH names the folder of the packages.
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const Database = require("better-sqlite3");
const { Bot, InlineKeyboard } = require("grammy");
const { run } = require("@grammyjs/runner");

const CARD = JSON.parse(fs.readFileSync(path.join(__dirname, "card.json"), "utf-8"));
const TOKEN = "4200000001:AAtestTESTtestTESTtestTESTtestTEST000";
const COMMANDS = ["start", "help", "today", "progress", "settings", "pause", "resume"];
const WARM = 200;
const FIRST_CHAT = 100000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    api: { type: "string" },
    messages: { type: "string", default: "4000" },
    "in-flight": { type: "string", default: "64" },
  },
});
const messages = Number(values.messages);
const inFlight = Number(values["in-flight"]);

function keyboard(rows) {
  const made = new InlineKeyboard();
  for (const row of rows.inline_keyboard) {
    for (const each of row) made.text(each.text, each.callback_data);
    made.row();
  }
  return made;
}

function watch() {
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  return (many) => {
    const used = process.cpuUsage(cpu);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const told = { messages: many, seconds, cpu: (used.user + used.system) / 1e6 };
    console.log(JSON.stringify({ ...told, rss_mb: process.resourceUsage().maxRSS / 1024 }));
  };
}

function opened(folder) {
  const db = new Database(path.join(folder, "peer.db"));
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("CREATE TABLE delivery(id INTEGER PRIMARY KEY, chat INTEGER, text TEXT, state TEXT, message INTEGER)");
  db.exec("CREATE TABLE answer(id INTEGER PRIMARY KEY, chat INTEGER, message INTEGER, data TEXT)");
  return db;
}

async function bulk(bot, db) {
  const owe = db.prepare("INSERT INTO delivery(chat, text, state) VALUES (?, ?, 'pending')");
  db.transaction(() => {
    for (let n = 0; n < WARM + messages; n++) owe.run(FIRST_CHAT + n, CARD.text);
  })();
  const select = db.prepare("SELECT chat, text FROM delivery WHERE id = ?");
  const record = db.prepare("UPDATE delivery SET state = 'sent', message = ? WHERE id = ?");
  const deliver = (first, last) => {
    let next = first;
    const worker = async () => {
      while (next <= last) {
        const id = next++;
        const row = select.get(id);
        const looks = { parse_mode: "HTML", reply_markup: keyboard(CARD.keyboard) };
        const sent = await bot.api.sendMessage(row.chat, row.text, looks);
        record.run(sent.message_id, id);
      }
    };
    return Promise.all(Array.from({ length: inFlight }, worker));
  };
  await deliver(1, WARM);
  const told = watch();
  await deliver(WARM + 1, WARM + messages);
  told(messages);
}

async function tapped(first, many) {
  const taps = [];
  for (let n = first; n < first + many; n++) taps.push([FIRST_CHAT + n, 5000000 + n, "a:1042:agency"]);
  await fetch(`${values.api}/control/taps`, { method: "POST", body: JSON.stringify({ taps, rate: 0 }) });
}

async function press(bot, db) {
  const record = db.prepare("INSERT INTO answer(chat, message, data) VALUES (?, ?, ?)");
  let [many, awaited, all] = [0, 0, null];
  for (const word of COMMANDS) bot.command(word, (ctx) => ctx.reply("Hello."));
  bot.on("callback_query:data", async (ctx) => {
    await ctx.answerCallbackQuery();
    await ctx.editMessageText(CARD.feedback, { parse_mode: "HTML", reply_markup: keyboard(CARD.sure) });
    record.run(ctx.chat.id, ctx.callbackQuery.message.message_id, ctx.callbackQuery.data);
    if (++many === awaited) all();
  });
  const served = async (first, more) => {
    awaited = many + more;
    const done = new Promise((resolve) => (all = resolve));
    await tapped(first, more);
    await done;
  };
  const runner = run(bot, { sink: { concurrency: 32 } });
  await served(0, WARM);
  const told = watch();
  await served(WARM, messages);
  told(messages);
  await runner.stop();
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "attache-peer-"));
  const db = opened(folder);
  const bot = new Bot(TOKEN, { client: { apiRoot: values.api } });
  try {
    await bot.init();
    await (positionals[0] === "bulk" ? bulk(bot, db) : press(bot, db));
  } finally {
    db.close();
    fs.rmSync(folder, { recursive: true });
  }
  process.exit(0);
}

main();
