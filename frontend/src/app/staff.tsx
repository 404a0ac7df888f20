import '@/ui/hds/hds'
import { textsOf } from './texts'
import { start } from './shell/start'
import type { Words } from '@/lib/i18n'
import { preferredLang } from '@/lib/lang'
import { Staff } from './shell/Staff'

const texts = textsOf(import.meta.glob<Words>('../**/*.{fi,sv,en}.json', { import: 'default' }))

void start(preferredLang(), texts, <Staff />)
