import { Fragment, useId, type ReactNode } from 'react'
import { useTranslation, type Say } from '@/lib/i18n'
import type { Round } from '@/data/round'
import { format, type Format } from '@/lib/format'
import type { Lang } from '@/lib/lang'
import type { Manifest, ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { inLang, type Text } from '@/ui/text'
import type { BallotProject } from '../voting'
import { ruleOf } from './rule'
import styles from './sample.module.css'

type Saying = (t: Say, format: Format, lang: Lang) => ReactNode

/** Something said in each of the sheet's languages, whatever the page's own is. */
function Each({ langs, say, apart = false }: { langs: Lang[]; say: Saying; apart?: boolean }) {
  return langs.map((lang, index) => (
    <Fragment key={lang}>
      {index > 0 && !apart && ' / '}
      <In lang={lang} say={say} apart={apart} />
    </Fragment>
  ))
}

function In({ lang, say, apart }: { lang: Lang; say: Saying; apart: boolean }) {
  const { t } = useTranslation(['sample', 'vote'], { lng: lang })
  const said = say(t, format(lang), lang)
  return apart ? <p lang={lang}>{said}</p> : <span lang={lang}>{said}</span>
}

/** A city's text in the sheet's languages; where one is missing, what there is stands once. */
function Names({ text, langs }: { text: Text; langs: Lang[] }) {
  const found = new Map(langs.map((lang) => inLang(text, lang)).map(({ value, lang }) => [value, lang]))
  return [...found].map(([value, lang], index) => (
    <Fragment key={value}>
      {index > 0 && ' / '}
      <span lang={lang}>{value}</span>
    </Fragment>
  ))
}

/** An area's projects with a box each, and the form's rule above and below them. */
export function Sheet({
  round,
  manifest,
  paper,
  area,
  projects,
  langs,
  large,
  serial,
}: {
  round: Round
  manifest: Manifest
  paper: ManifestPaper
  area: ManifestArea
  projects: BallotProject[]
  langs: Lang[]
  large: boolean
  /** Of a sheet that is a vote; without one it is a sample. */
  serial?: string
}) {
  const id = useId()
  const { form } = paper
  const wide = form.kind === 'points' || form.kind === 'ranking'
  const rule = (
    <div className={styles.rule}>
      <Each
        apart
        langs={langs}
        say={(t, { euros }) => `${ruleOf(form, area.pot, t, euros)} ${t(`fill.${form.kind}`)}`}
      />
    </div>
  )
  return (
    <article className={`sheet ${styles.sheet} ${large ? styles.large : ''}`} aria-labelledby={id}>
      <header className={styles.head}>
        <p className={styles.mark}>
          {serial === undefined ? (
            <Each langs={langs} say={(t) => t('mark')} />
          ) : (
            <>
              <Each langs={langs} say={(t) => t('serial')} /> <span translate="no">{serial}</span>
            </>
          )}
        </p>
        <p>
          <Names text={manifest.name} langs={langs} />
          {manifest.papers.length > 1 && (
            <>
              {' · '}
              <Names text={paper.name} langs={langs} />
            </>
          )}
        </p>
        <h2 id={id}>
          <Names text={area.name} langs={langs} />
        </h2>
        <p>
          <Each langs={langs} say={(t, { euros }) => t('pot', { pot: euros(area.pot) })} />
        </p>
      </header>
      {rule}
      <ul className={`plain ${styles.projects}`}>
        {projects
          .toSorted((a, b) => a.number - b.number)
          .map(({ number, title, cost, withdrawn, conflicts }) => (
            <li key={number} className={styles.project}>
              <span className={`${styles.box} ${wide ? styles.wide : ''}`} />
              <strong className={styles.number}>{number}</strong>
              <div>
                <p className={styles.title}>
                  <Names text={title} langs={langs} />
                </p>
                {withdrawn && (
                  <p>
                    <Each langs={langs} say={(t) => t('vote:project.withdrawn')} />
                  </p>
                )}
                {conflicts.map(({ projects }) => (
                  <p key={projects.join()}>
                    <Each
                      langs={langs}
                      say={(t) => t('vote:project.conflict', { count: projects.length, numbers: projects.join(', ') })}
                    />
                  </p>
                ))}
              </div>
              <span className={styles.cost}>{format(langs[0] ?? 'fi').euros(cost)}</span>
            </li>
          ))}
      </ul>
      {rule}
      <footer className={styles.foot}>
        <Each
          apart
          langs={langs}
          say={(t, { dateTime, closing }) =>
            serial === undefined
              ? t('where', {
                  opens: dateTime(round.times.voting.opens),
                  closes: closing(round.times.voting.closes),
                  address: location.host,
                })
              : t('drop')
          }
        />
        <p>
          <Each langs={langs} say={(t) => t('check')} />: <strong translate="no">{manifest.checkCode}</strong>
        </p>
      </footer>
    </article>
  )
}
