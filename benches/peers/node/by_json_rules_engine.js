// Decides by json-rules-engine: by_json_rules_engine.js FACTS.jsonl DECISIONS.csv
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Engine } from 'json-rules-engine'

const rules = JSON.parse(readFileSync(new URL('../engines/conditions.json', import.meta.url)))
const engine = new Engine(
  rules.map((rule, number) => ({
    conditions: { all: rule.all.map(([fact, operator, value]) => ({ fact, operator, value })) },
    event: { type: rule.name, params: { number } },
    // All of one priority: by descending priority they would wait for each other.
    priority: 1
  }))
)

const [facts, decisions] = process.argv.slice(2)
const out = createWriteStream(decisions)
let users = 0
let evaluation = 0
for await (const line of createInterface({ input: createReadStream(facts), crlfDelay: Infinity })) {
  const known = JSON.parse(line)
  const started = process.hrtime.bigint()
  const { events } = await engine.run(known.facts)
  evaluation += Number(process.hrtime.bigint() - started)
  users += 1
  const due = events.map((event) => event.params.number).sort((a, b) => a - b)
  place(known, due)
}
out.end()
// It takes facts as they are, and makes its own of them while it evaluates.
console.error(JSON.stringify({ context: 0, evaluation: evaluation / 1e3 / users }))

// Writes what of the rules that are due fits under the caps.
function place (known, due) {
  const open = new Set(known.open)
  for (const number of due) {
    const { name, channel, coupon } = rules[number]
    if (open.has(channel) && known.room > 0 && (known.coupon || !coupon)) {
      open.delete(channel)
      known.room -= 1
      known.coupon &&= !coupon
      out.write(`${known.id},${name},${channel}\n`)
    }
  }
}
