// Prints the demo people as a table: node table.mjs FILE
import { readFile } from 'node:fs/promises'

const people = JSON.parse(await readFile(process.argv[2], 'utf8'))
const rows = [
  ['name', 'role', 'about'],
  ...people.map(({ name, role, about }) => [name, role, typeof about === 'string' ? about : about.en]),
]
const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)))
for (const [name, role, about] of rows) console.log(`  ${name.padEnd(widths[0])}  ${role.padEnd(widths[1])}  ${about}`)
