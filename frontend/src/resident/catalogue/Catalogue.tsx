import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import { Page } from '@/ui/Page'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import { catalogueQuery, type DataFile, type DataSet } from '@/data/catalogue'
import style from './catalogue.module.css'

/** All open data of the service: what there is, how it is read, what is left out and why. */
export default function Catalogue() {
  const { t } = useTranslation('catalogue')
  const { t: shell } = useTranslation()
  const lang = useLang()
  return (
    <Page title={t('title')} above={[{ to: `/${lang}`, text: shell('nav.home') }]} lead={<p>{t('lead')}</p>}>
      <Ask query={useQuery(catalogueQuery)}>
        {({ licence, sets }) => (
          <div className="stack-l">
            <div className="prose">
              <p>
                {t('licence')}{' '}
                <a href={licence}>{licence.endsWith('/by/4.0/') ? 'Creative Commons BY 4.0' : licence}</a>
              </p>
              <p>{t('tables')}</p>
              <p>
                <a href="/api/v1/catalogue.jsonld">{t('dcat')}</a>
              </p>
              <p>
                <a href="/api/v1/docs">{t('docs')}</a>
              </p>
            </div>
            {sets.map((set) => (
              <Set key={set.id} set={set} />
            ))}
          </div>
        )}
      </Ask>
    </Page>
  )
}

function Set({ set }: { set: DataSet }) {
  const { t } = useTranslation('catalogue')
  const rounds = [...new Map(set.files.map(({ round, round_name }) => [round ?? '', round_name])).entries()]
  return (
    <section className="stack" id={set.id} aria-labelledby={`${set.id}-title`}>
      <h2 id={`${set.id}-title`}>
        <Local text={set.title} />
      </h2>
      <div className="prose">
        <p>
          <Local text={set.text} />
        </p>
        <p>
          <strong>{t('left_out')}</strong> <Local text={set.left_out} />
        </p>
      </div>
      {rounds.length === 0 && <p>{t('nothing_yet')}</p>}
      <ul className={`plain ${style.rounds}`}>
        {rounds.map(([round, name]) => (
          <li key={round}>
            <h3>{name ? <Local text={name} /> : t('all_rounds')}</h3>
            <ul className={`plain ${style.files}`}>
              {set.files
                .filter((file) => (file.round ?? '') === round)
                .map((file) => (
                  <File key={file.path} file={file} />
                ))}
            </ul>
          </li>
        ))}
      </ul>
      {set.columns.length > 0 && (
        <details>
          <summary>{t('columns')}</summary>
          <dl className={style.columns}>
            {set.columns.map(({ name, text }) => (
              <div key={name}>
                <dt>
                  <code translate="no">{name}</code>
                </dt>
                <dd>
                  <Local text={text} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  )
}

function File({ file }: { file: DataFile }) {
  const { t } = useTranslation('catalogue')
  const { number } = useFormat()
  const type = file.path.includes('.oc4ids.') ? 'OC4IDS' : file.type
  return (
    <li>
      <a href={file.path}>
        {t(`type.${type}` as 'type.CSV')}
        {file.size !== undefined && ` (${t('bytes', { number: number(file.size) })})`}
      </a>
      {file.sha256 && (
        <span className={style.sum}>
          SHA-256: <code translate="no">{file.sha256}</code>
        </span>
      )}
    </li>
  )
}
