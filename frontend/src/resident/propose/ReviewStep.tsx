import { skipToken, useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { Gallery } from '@/shared/gallery/Gallery'
import { imagesQuery } from '@/data/gallery'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { Paragraph } from '@/shared/proposal/Paragraph'
import type { Round } from '@/data/round'
import { imagesStep, type Fields, type ProposalText } from '@/shared/propose/draft'
import { classes } from '@/lib/classes'
import styles from '@/shared/propose/propose.module.css'

/** The proposal as readers will see it, to be read once more before it is sent; what is missing is said in its place. */
export function ReviewStep({
  fields,
  round,
  proposal,
  language,
  onEdit,
}: {
  fields: Fields
  round: Round
  proposal?: number
  language: ProposalText['language']
  onEdit: (step: number) => void
}) {
  const { t } = useTranslation(['propose', 'proposal'])
  const lang = useLang()
  const local = useLocal()
  const options = imagesQuery(round.id, proposal ?? 0)
  const { data } = useQuery({ ...options, queryFn: proposal === undefined ? skipToken : options.queryFn })
  const nameOf = (list: { id: string; name: Round['name'] }[], id: string) =>
    local(list.find((one) => one.id === id)?.name)
  const nothing = t('review.nothing')
  const spoken = language === lang ? undefined : language
  const edit = (step: number, words: 'review.edit_idea' | 'review.edit_place' | 'review.edit_images') => (
    <Button
      small
      variant="secondary"
      start="pen"
      onClick={() => {
        onEdit(step)
      }}
    >
      {t(words)}
    </Button>
  )
  return (
    <>
      <article className={styles.review} aria-label={t('review.preview')}>
        <h3 lang={spoken} dir="auto">
          {fields.title.trim() || t('proposal:untitled')}
        </h3>
        <p className="muted">
          {[
            nameOf(round.settings.areas, fields.area) || t('review.no_area'),
            nameOf(round.settings.themes, fields.theme),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <div className={classes('prose', styles.reviewText)} lang={spoken}>
          <Paragraph heading={t('proposal:what')} text={fields.what.trim() || nothing} lang={lang} level={4} />
          <Paragraph heading={t('proposal:why')} text={fields.why.trim()} lang={lang} level={4} />
          <Paragraph
            heading={t('proposal:where')}
            text={[fields.place.trim(), fields.point].filter(Boolean).join('\n') || nothing}
            lang={lang}
            level={4}
          />
        </div>
        {fields.title_sv && (
          <div className={classes('prose', styles.reviewText)} lang="sv">
            <h3>{fields.title_sv}</h3>
            <Paragraph heading={t('proposal:what')} text={fields.what_sv.trim() || nothing} lang={lang} level={4} />
            <Paragraph heading={t('proposal:why')} text={fields.why_sv.trim()} lang={lang} level={4} />
          </div>
        )}
        {proposal !== undefined && data && (
          <Gallery round={round.id} proposal={proposal} images={data.images} lang={language} />
        )}
      </article>
      <div className="actions">
        {edit(0, 'review.edit_idea')}
        {edit(1, 'review.edit_place')}
        {edit(imagesStep, 'review.edit_images')}
      </div>
      <p>{t('review.public')}</p>
    </>
  )
}
