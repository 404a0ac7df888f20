import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { AnchorButton, Button, ChoiceGroup, Radio } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { announce } from '@/lib/announce'
import { useFormat, useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { deliveryQuery, judgeDelivery, worthAnswers, type DeliveryStory, type WorthAnswer } from '@/data/delivery'

/** Once a project is finished: whether it was worth it, as residents say, once each. */
export function Worth({ story: { project, worth } }: { story: DeliveryStory }) {
  const { t } = useTranslation(['delivery', 'problem'])
  const { number } = useFormat()
  const session = useSession()
  const here = useLocation()
  const lang = useLang()
  const cache = useQueryClient()
  const [answer, setAnswer] = useState<WorthAnswer>()
  const send = useMutation({
    mutationFn: (said: WorthAnswer) => judgeDelivery(project.round, project.project, said),
    onSuccess: (story) => {
      announce(t('worth.thanks'))
      cache.setQueryData(deliveryQuery(project.round, project.project).queryKey, story)
    },
  })
  const form = useForm({
    wrong: { answer: answer ? undefined : t('problem:field.required') },
    cause: send.error,
    prefix: 'worth.',
  })
  if (!worth) return null
  const word = (one: WorthAnswer) => t(`worth.${one}`)
  return (
    <section className="stack-s" aria-labelledby="worth">
      <h2 id="worth">{t('worth.heading')}</h2>
      {worth.few ? (
        <p>{t('worth.few')}</p>
      ) : (
        worth.answers.some((one) => one.number > 0) && (
          <ul aria-label={t('worth.answers')}>
            {worth.answers.map(({ answers, number: n }) => (
              <li key={answers.join()}>
                {answers.map(word).join(' + ')}: <strong>{number(n)}</strong>
              </li>
            ))}
          </ul>
        )
      )}
      {worth.mine && <p>{t('worth.mine', { answer: word(worth.mine) })}</p>}
      {worth.open && !session?.signed_in && (
        <>
          <p>{t('worth.ask')}</p>
          <div className="actions">
            <AnchorButton variant="secondary" href={signInHref(`${here.pathname}#worth`, lang)}>
              {t('worth.sign_in')}
            </AnchorButton>
          </div>
        </>
      )}
      {worth.open && session?.signed_in && (
        <Form
          form={form}
          busy={send.isPending}
          onSend={() => {
            if (answer) send.mutate(answer)
          }}
          actions={
            <Button type="submit" busy={send.isPending}>
              {t('worth.send')}
            </Button>
          }
        >
          <ChoiceGroup id="worth.answer" legend={t('worth.ask')} error={form.errorOf('answer')}>
            {worthAnswers.map((one) => (
              <Radio
                key={one}
                name="worth"
                label={word(one)}
                checked={answer === one}
                onChange={() => {
                  setAnswer(one)
                }}
              />
            ))}
          </ChoiceGroup>
        </Form>
      )}
    </section>
  )
}
