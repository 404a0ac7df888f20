import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { LinkButton, Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { useLocal } from '@/ui/text'
import { stageOf, useRound, type Round } from '@/data/round'
import { CheckHere } from './CheckHere'
import { CityComparisons } from './CityComparisons'
import { Programs } from './Programs'
import { SheetAudit } from './SheetAudit'

/** Where anyone checks a round's whole record: in this browser, or with a program to take along. */
export default function RecordOfRound() {
  const query = useRound()
  const { t } = useTranslation('record')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <RecordPage round={round} />}
    </AskPage>
  )
}

function RecordPage({ round }: { round: Round }) {
  const { t } = useTranslation(['record', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const published = stageOf(round).acts.includes('results')
  return (
    <Page
      title={t('title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
        ...(published ? [{ to: `/${lang}/rounds/${round.id}/results`, text: t('shell:nav.results') }] : []),
      ]}
      lead={<p>{t('lead')}</p>}
    >
      <div className="stack-l">
        {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
        {published ? (
          <CheckHere round={round} />
        ) : (
          <Notification label={t('none.heading')}>
            <p>{t('none.text')}</p>
            <LinkButton small variant="secondary" to={`/${lang}/rounds/${round.id}`}>
              {t('none.round')}
            </LinkButton>
          </Notification>
        )}
        <section className="prose">
          <h2>{t('proves.heading')}</h2>
          <p>{t('proves.does')}</p>
          <p>{t('proves.not')}</p>
          <p>{t('proves.instead')}</p>
        </section>
        {published && <SheetAudit round={round} />}
        {published && <CityComparisons round={round} />}
        <Programs round={round} />
      </div>
    </Page>
  )
}
