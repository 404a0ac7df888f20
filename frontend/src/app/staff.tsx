import '@/ui/hds/hds'
import './shell/shell.css'
import { start } from './shell/start'
import { preferredLang } from '@/lib/lang'
import { Staff } from './shell/Staff'

void start(preferredLang(), <Staff />)
