import '@/ui/hds/hds'
import './shell/shell.css'
import { start } from './shell/start'
import { langOfPath, preferredLang } from '@/lib/lang'
import { Site } from './shell/Site'

void start(langOfPath(location.pathname) ?? preferredLang(), <Site />)
