// Which fonts a browser finds: what fits a screen must not hang on the fonts that a machine happens to have.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Files of each set, and the package that brings them. Noto Sans is 8 % wider than Liberation Sans, whose widths are Arial's. */
const sets = {
  liberation: { files: 'Liberation*', from: 'fonts-liberation' },
  noto: { files: 'NotoSans-*', from: 'fonts-noto-core' },
}

/** The environment of a browser that finds one set of fonts and no other. */
export async function onlyFonts(set, dir) {
  const { files, from } = sets[set]
  const file = join(dir, 'fonts.conf')
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${join(dir, 'fonts')}</cachedir>
  <include ignore_missing="yes">/etc/fonts/conf.d</include>
  <selectfont>
    <rejectfont><glob>*.*</glob></rejectfont>
    <acceptfont><glob>*/${files}</glob></acceptfont>
  </selectfont>
</fontconfig>
`,
  )
  const env = { ...process.env, FONTCONFIG_FILE: file }
  const { stdout } = await promisify(execFile)('fc-list', ['--format', '%{family}\n'], { env })
  if (!stdout) throw new Error(`there are no fonts here like ${files}: install ${from}`)
  return env
}
