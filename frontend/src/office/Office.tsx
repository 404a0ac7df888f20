import { lazy } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Route, Routes } from '@/lib/router'
import { Only } from '@/ui/Only'
import { Audit } from './Audit'
import { Ballot } from './Ballot'
import { Control } from './Control'
import { Decision } from './Decision'
import { Naming } from './Naming'
import { NewRound } from './NewRound'
import { Preview } from './Preview'
import { Replacement } from './Replacement'
import { Roll } from './Roll'
import { RoundList } from './RoundList'
import { Settings } from './Settings'
import { Times } from './Times'

const People = lazy(async () => ({ default: (await import('./People')).People }))
const Emails = lazy(async () => ({ default: (await import('./Emails')).Emails }))
const Letters = lazy(async () => ({ default: (await import('./Letters')).Letters }))
const Booking = lazy(async () => ({ default: (await import('./ledger/Booking')).Booking }))

/** The officials' pages: set rounds up and take them through their phases. */
export default function Office() {
  const { t } = useTranslation('office')
  return (
    <Only roles={['official']} title={t('title')}>
      <Routes>
        <Route path="/" element={<RoundList />} />
        <Route path="/new" element={<NewRound />} />
        <Route path="/people" element={<People />} />
        <Route path="/emails" element={<Emails />} />
        <Route path="/:round" element={<Control />} />
        <Route path="/:round/naming" element={<Naming />} />
        <Route path="/:round/decision" element={<Decision />} />
        <Route path="/:round/settings" element={<Settings />} />
        <Route path="/:round/times" element={<Times />} />
        <Route path="/:round/roll" element={<Roll />} />
        <Route path="/:round/replacement" element={<Replacement />} />
        <Route path="/:round/ballot" element={<Ballot />} />
        <Route path="/:round/results" element={<Preview />} />
        <Route path="/:round/ledger" element={<Booking />} />
        <Route path="/:round/letters" element={<Letters />} />
        <Route path="/:round/audit" element={<Audit />} />
      </Routes>
    </Only>
  )
}
