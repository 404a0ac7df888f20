import '@/ui/hds/hds'
import { textsOf } from './texts'
import { start } from './shell/start'
import type { Words } from '@/lib/i18n'
import { langOfPath, preferredLang } from '@/lib/lang'
import { Site } from './shell/Site'

// The staff's words are not for residents to load, not even their names.
const texts = textsOf(
  import.meta.glob<Words>(
    ['../{app,ui,shared,resident}/**/*.{fi,sv,en}.json', '!../{ui/read,shared/sheet}/*', '!../shared/round/phase.*'],
    {
      import: 'default',
    },
  ),
)

void start(langOfPath(location.pathname) ?? preferredLang(), texts, <Site />)
