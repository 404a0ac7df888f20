import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Icon, Notification, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import type { ErrorOf } from '@/ui/form/useForm'
import { Trouble } from '@/ui/problem/Trouble'
import { useProblemText } from '@/ui/problem/useProblemText'
import {
  addImage,
  arrangeImages,
  heldImages,
  imageHref,
  inTurn,
  imagesQuery,
  kinds,
  longestAlt,
  most,
  moved,
  removeImage,
  type Image,
} from '@/data/gallery'
import { classes } from '@/lib/classes'
import styles from './images.module.css'

/** How long after the last key an alternative text is saved, in milliseconds. */
const pause = 1000

interface Props {
  round: string
  proposal: number
  errorOf: ErrorOf
  /** Something was stored. */
  onChange: () => void
}

/** Adds, describes, orders and removes a proposal's images. */
export function ImageFields({ round, proposal, errorOf, onChange }: Props) {
  return (
    <Ask query={useQuery(imagesQuery(round, proposal))}>
      {({ images, open }) => (
        <Fields
          round={round}
          proposal={proposal}
          errorOf={errorOf}
          onChange={onChange}
          images={images}
          open={open || images.length > 0}
        />
      )}
    </Ask>
  )
}

function Fields({ round, proposal, errorOf, onChange, images, open }: Props & { images: Image[]; open: boolean }) {
  const { t } = useTranslation(['image', 'problem'])
  const { text } = useProblemText()
  const cache = useQueryClient()
  const file = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ name: string; cause: unknown }[]>([])
  const [trouble, setTrouble] = useState<unknown>()
  const changed = useRef(onChange)
  useEffect(() => {
    changed.current = onChange
  })

  const held = () => heldImages(cache, round, proposal)
  const store = async (act: () => Promise<unknown>) => {
    setTrouble(undefined)
    try {
      await inTurn(cache, round, proposal, act)
      changed.current()
    } catch (cause) {
      setTrouble(cause)
      await cache.invalidateQueries({ queryKey: imagesQuery(round, proposal).queryKey })
    }
  }

  const add = async (files: File[]) => {
    const wrong: { name: string; cause: unknown }[] = []
    setBusy(true)
    setRefused([])
    for (const one of files) {
      try {
        await inTurn(cache, round, proposal, async () => {
          const image = await addImage(round, proposal, one)
          const { images: now, put } = held()
          put([...now, image])
          announce(t('added', { count: now.length + 1 }))
        })
      } catch (cause) {
        wrong.push({ name: one.name, cause })
      }
    }
    setBusy(false)
    setRefused(wrong)
    changed.current()
  }

  // Texts wait for a pause in the typing, and are saved with the page when one goes on.
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const save = () => {
    clearTimeout(waiting.current)
    waiting.current = undefined
    void store(() => arrangeImages(round, proposal, held().images))
  }
  const saveLast = useRef(save)
  useEffect(() => {
    saveLast.current = save
  })
  useEffect(
    () => () => {
      if (waiting.current) saveLast.current()
    },
    [],
  )
  const describe = (id: string, alt: string) => {
    const { images: now, put } = held()
    put(now.map((one) => (one.id === id ? { ...one, alt } : one)))
    clearTimeout(waiting.current)
    waiting.current = setTimeout(save, pause)
  }
  const move = (from: number, by: -1 | 1) => {
    held().put(moved(images, from, by))
    announce(t('moved', { number: from + by + 1 }))
    save()
  }
  const remove = (id: string) => {
    const { images: now, put } = held()
    put(now.filter((one) => one.id !== id))
    announce(t('removed'))
    file.current?.focus()
    void store(() => removeImage(round, proposal, id))
  }

  if (!open) return <p>{t('off')}</p>
  const full = images.length >= most
  return (
    <div className="stack">
      <ul className={classes('plain stack', styles.fields)}>
        {images.map(({ id, alt }, index) => (
          <li key={id} className={styles.field}>
            <img src={imageHref(round, proposal, id, 'small')} alt={alt || t('undescribed')} />
            <div className="stack-s">
              <TextInput
                id={`alt-${id}`}
                required
                maxLength={longestAlt}
                label={t('alt', { number: index + 1 })}
                helper={t('alt_help')}
                error={errorOf(`alt-${id}`)}
                value={alt}
                onChange={(event) => {
                  describe(id, event.target.value)
                }}
                onBlur={() => {
                  if (waiting.current) save()
                }}
              />
              <div className="actions">
                {index > 0 && (
                  <Button
                    small
                    variant="secondary"
                    start="angle-up"
                    onClick={() => {
                      move(index, -1)
                    }}
                  >
                    {t('earlier')}
                    <span className="visually-hidden">: {t('image', { number: index + 1 })}</span>
                  </Button>
                )}
                {index < images.length - 1 && (
                  <Button
                    small
                    variant="secondary"
                    start="angle-down"
                    onClick={() => {
                      move(index, 1)
                    }}
                  >
                    {t('later')}
                    <span className="visually-hidden">: {t('image', { number: index + 1 })}</span>
                  </Button>
                )}
                <Button
                  small
                  variant="secondary"
                  start="trash"
                  onClick={() => {
                    remove(id)
                  }}
                >
                  {t('remove')}
                  <span className="visually-hidden">: {t('image', { number: index + 1 })}</span>
                </Button>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {full ? (
        <p>{t('full')}</p>
      ) : (
        <div className="stack-s">
          <div className={styles.add}>
            <input
              ref={file}
              id="images"
              className="visually-hidden"
              type="file"
              accept={kinds}
              multiple
              disabled={busy}
              aria-describedby="images-helper"
              onChange={(event) => {
                const files = [...(event.target.files ?? [])]
                event.target.value = ''
                void add(files)
              }}
            />
            <label className="hds-button hds-button--secondary" htmlFor="images">
              <Icon name="plus" />
              <span className="hds-button__label">{t('add')}</span>
            </label>
          </div>
          <p className="muted" id="images-helper">
            {t('add_help')}
          </p>
        </div>
      )}
      {busy && <p role="status">{t('adding')}</p>}
      {refused.length > 0 && (
        <Notification kind="error" label={t('refused')} live>
          <ul>
            {refused.map(({ name, cause }, index) => (
              <li key={index}>
                <strong>{name}</strong>: {text(cause)}
              </li>
            ))}
          </ul>
        </Notification>
      )}
      {trouble !== undefined && <Trouble cause={trouble} />}
    </div>
  )
}
