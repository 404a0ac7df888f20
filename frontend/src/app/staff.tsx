import '@/ui/hds/hds'
import './shell/shell.css'
import './shell/staff.css'
import { textsOf } from './texts'
import { start } from './shell/start'
import { preferredLang } from '@/lib/lang'
import { Staff } from './shell/Staff'

const texts = textsOf(import.meta.glob<Record<string, unknown>>('../**/*.{fi,sv,en}.json', { import: 'default' }))

void start(preferredLang(), texts, <Staff />)
