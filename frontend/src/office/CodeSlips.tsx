import { useEffect } from 'react'
import type { Round } from '@/data/round'
import { classes } from '@/lib/classes'
import { useLang } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Qr } from '@/receipt/Qr'
import { inLang } from '@/ui/text'
import styles from './CodeSlips.module.css'
import office from './office.module.css'

const perPage = 8

/** Voting codes on paper, eight slips to a page, in the city's two languages; opens the print dialog once they are there. */
export function CodeSlips({ round, codes, check }: { round: Round; codes: string[]; check?: string }) {
  const { t } = useTranslation('office')
  const address = `${location.origin}/${useLang()}/rounds/${round.id}/vote`
  useEffect(() => {
    // After a paint, so that what is drawn for the first time is on the paper.
    const frame = requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        window.print()
      })
    })
    return () => {
      cancelAnimationFrame(frame)
    }
  }, [])
  const pages = Array.from({ length: Math.ceil(codes.length / perPage) }, (_, page) =>
    codes.slice(page * perPage, (page + 1) * perPage),
  )
  return (
    <div className={classes(styles.slips, office.codeSlips)} data-slips>
      {pages.map((page) => (
        <ul key={page[0]} className={styles.page}>
          {page.map((code) => (
            <li key={code} className={styles.slip}>
              <strong className={styles.wide}>
                <span lang="fi">{inLang(round.name, 'fi').value}</span> ·{' '}
                <span lang="sv">{inLang(round.name, 'sv').value}</span>
              </strong>
              <div>
                <In lang="fi" />
                <In lang="sv" />
              </div>
              <Qr text={address} label={t('slip.qr')} />
              <p className={styles.wide}>{address.replace(/^https?:\/\//, '')}</p>
              <code className={styles.code}>{code}</code>
              {check && <Check code={check} />}
            </li>
          ))}
        </ul>
      ))}
    </div>
  )
}

function In({ lang }: { lang: 'fi' | 'sv' }) {
  const { t } = useTranslation('office', { lng: lang })
  return <p lang={lang}>{t('slip.text')}</p>
}

function Check({ code }: { code: string }) {
  const { t: fi } = useTranslation('check', { lng: 'fi' })
  const { t: sv } = useTranslation('check', { lng: 'sv' })
  return (
    <p className={styles.wide}>
      <span lang="fi">{fi('code.heading')}</span> / <span lang="sv">{sv('code.heading')}</span>: {code}
    </p>
  )
}
