import { useTranslation } from '@/lib/i18n'
import { Coauthors } from '@/resident/coauthor/Coauthors'
import type { ErrorOf } from '@/ui/form/useForm'
import { ImageFields } from './ImageFields'
import { SignInFirst } from './SignInFirst'

/** Images and co-authors: neither is needed. Both belong to a draft that the server has. */
export function ImagesStep({
  round,
  proposal,
  signedIn,
  errorOf,
  onChange,
}: {
  round: string
  proposal?: number
  signedIn: boolean
  errorOf: ErrorOf
  onChange: () => void
}) {
  const { t } = useTranslation('propose')
  if (!signedIn) return <SignInFirst>{t('sign_in.to_add')}</SignInFirst>
  if (proposal === undefined) return <p>{t('images.first')}</p>
  return (
    <>
      <section className="stack-s">
        <h3>{t('images.heading')}</h3>
        <ImageFields round={round} proposal={proposal} errorOf={errorOf} onChange={onChange} />
      </section>
      <Coauthors round={round} proposal={proposal} />
    </>
  )
}
